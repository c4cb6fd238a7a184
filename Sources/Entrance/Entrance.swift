// SPDX-License-Identifier: Apache-2.0

// Entrance (ทางเข้า): how people come in who are vouched for outside, or who bring a key of their own.
//
// - OpenID Connect Core 1.0, the authorization code flow with PKCE (RFC 7636); Discovery 1.0; RP-Initiated Logout 1.0;
//   the issuer in the answer (RFC 9207). Not here: implicit and hybrid flows, encrypted tokens, signed user info.
// - LDAP (RFC 4511) by OpenLDAP's libldap: simple binds over TLS, searches. Not here: SASL, referrals.
// - Web Authentication level 2 by libfido2: passkeys without attestation, ES256 and RS256.
//
// It knows no page and no cabinet: `sanyan` introduces it to the pages as their `FrontDoor`.
