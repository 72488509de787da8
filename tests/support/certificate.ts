/**
 * A key and a certificate for northlight.example.org that anybody may know: they serve a site on this machine in tests. Made with
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500`.
 */
export const testSite = {
  domain: "northlight.example.org",
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/k34kP7fH+kcusME
oBvMVWDnChMJNGPv3yA6hCmAjt2hRANCAARGE16MzKbtjKNicdBcLIhUipUGCCao
tezHKd0QS5PUpwFH306mUSM6eVxH77AuEH72pVCKRcWckel9m/3S1mUF
-----END PRIVATE KEY-----
`,
  certificate: `-----BEGIN CERTIFICATE-----
MIIBuzCCAWKgAwIBAgIUL8RkaenDJPLdNASv+8UEs4ErW60wCgYIKoZIzj0EAwIw
ITEfMB0GA1UEAwwWbm9ydGhsaWdodC5leGFtcGxlLm9yZzAgFw0yNjExMjIwNTQ2
NDVaGA8yMTI2MTAyOTA1NDY0NVowITEfMB0GA1UEAwwWbm9ydGhsaWdodC5leGFt
cGxlLm9yZzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEYTXozMpu2Mo2Jx0Fws
iFSKlQYIJqi17Mcp3RBLk9SnAUffTqZRIzp5XEfvsC4QfvalUIpFxZyR6X2b/dLW
ZQWjdjB0MB0GA1UdDgQWBBQgKaPvb6mwNv4SDkfETQU7Ow7PwDAfBgNVHSMEGDAW
gBQgKaPvb6mwNv4SDkfETQU7Ow7PwDAPBgNVHRMBAf8EBTADAQH/MCEGA1UdEQQa
MBiCFm5vcnRobGlnaHQuZXhhbXBsZS5vcmcwCgYIKoZIzj0EAwIDRwAwRAIgS1ef
fDdTs8G/zXct+UxBqJ8XXI6Rv2y5V+AdLiz+mOgCIDpvUvglup9EiDPVPqfcZAkJ
6P8J87KYN0GuFcS/4/YQ
-----END CERTIFICATE-----
`,
} as const;
