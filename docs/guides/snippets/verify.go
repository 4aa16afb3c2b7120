// Is a webhook from Ieum? Standard Webhooks, with Go's own library alone.
// go run verify.go SECRETS ID TIMESTAMP SIGNATURES BODY [NOW]
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

const tolerance = 300 // seconds, into the past and into the future

// Verify tells whether one of the secrets has signed exactly these bytes, not long ago.
func Verify(secrets []string, id, timestamp, signatures string, body []byte, now int64) bool {
	sent, err := strconv.ParseUint(timestamp, 10, 40)
	if err != nil {
		return false
	}
	if age := now - int64(sent); age > tolerance || age < -tolerance {
		return false
	}
	isValid := false
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			continue
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + timestamp + "."))
		mac.Write(body)
		expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		for _, given := range strings.Split(signatures, " ") {
			isValid = hmac.Equal([]byte(expected), []byte(given)) || isValid
		}
	}
	return isValid
}

func main() {
	said, now := os.Args[1:], time.Now().Unix()
	if len(said) > 5 {
		now, _ = strconv.ParseInt(said[5], 10, 64)
	}
	if Verify(strings.Split(said[0], " "), said[1], said[2], said[3], []byte(said[4]), now) {
		fmt.Println("valid")
	} else {
		fmt.Println("invalid")
	}
}
