<?php
// Is a webhook from Ieum? Standard Webhooks, with PHP's own functions alone.
// php verify.php SECRETS ID TIMESTAMP SIGNATURES BODY [NOW]
declare(strict_types=1);

const TOLERANCE = 300; // seconds, into the past and into the future

/** Whether one of the secrets has signed exactly these bytes, not long ago. */
function verify(array $secrets, string $id, string $timestamp, string $signatures, string $body, float $now): bool
{
    if (!preg_match('/^[0-9]{1,12}$/D', $timestamp)) {
        return false;
    }
    if (abs($now - (int) $timestamp) > TOLERANCE) {
        return false;
    }
    $isValid = false;
    foreach ($secrets as $secret) {
        $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
        $mac = hash_hmac('sha256', "$id.$timestamp.$body", $key, true);
        $expected = 'v1,' . base64_encode($mac);
        foreach (explode(' ', $signatures) as $given) {
            $isValid = hash_equals($expected, $given) || $isValid;
        }
    }
    return $isValid;
}

if (PHP_SAPI === 'cli' && $argc > 5) {
    [, $secrets, $id, $timestamp, $signatures, $body] = $argv;
    $now = isset($argv[6]) ? (float) $argv[6] : microtime(true);
    $isValid = verify(explode(' ', $secrets), $id, $timestamp, $signatures, $body, $now);
    echo $isValid ? "valid\n" : "invalid\n";
}
