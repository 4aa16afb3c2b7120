// Is a webhook from Ieum? Standard Webhooks, with Java's own library alone.
// java Verify.java SECRETS ID TIMESTAMP SIGNATURES BODY [NOW]
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Verify {
    private static final long TOLERANCE = 300; // seconds, into the past and into the future

    /** Whether one of the secrets has signed exactly these bytes, not long ago. */
    static boolean verify(
            List<String> secrets, String id, String timestamp, String signatures, byte[] body, long now)
            throws GeneralSecurityException {
        if (!timestamp.matches("[0-9]{1,12}")) {
            return false;
        }
        if (Math.abs(now - Long.parseLong(timestamp)) > TOLERANCE) {
            return false;
        }
        boolean isValid = false;
        for (String secret : secrets) {
            byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
            String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
            for (String given : signatures.split(" ")) {
                isValid |= MessageDigest.isEqual(expected.getBytes(UTF_8), given.getBytes(UTF_8));
            }
        }
        return isValid;
    }

    public static void main(String[] said) throws GeneralSecurityException {
        long now = said.length > 5 ? Long.parseLong(said[5]) : Instant.now().getEpochSecond();
        List<String> secrets = List.of(said[0].split(" "));
        boolean isValid = verify(secrets, said[1], said[2], said[3], said[4].getBytes(UTF_8), now);
        System.out.println(isValid ? "valid" : "invalid");
    }
}
