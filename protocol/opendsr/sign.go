package opendsr

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"
)

// keyBits is the length of a processor's key: good beyond 2030 (NIST SP 800-57 Part 1, table 2; BSI TR-02102-1).
const keyBits = 3072

// certificateLife is how long a certificate that we sign ourselves holds. One of an authority has its own end.
const certificateLife = 2 * 365 * 24 * time.Hour

// ErrSignature says that a signature does not hold.
var ErrSignature = errors.New("the signature does not hold")

// Sign signs a body as senders of OpenDSR do: RSA PKCS #1 v1.5 over SHA-256 of the raw bytes, in base64.
func Sign(key *rsa.PrivateKey, body []byte) (string, error) {
	sum := sha256.Sum256(body)
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign for OpenDSR: %w", err)
	}
	return base64.StdEncoding.EncodeToString(signature), nil
}

// Verify checks a signature against a certificate in PEM.
func Verify(certificate string, body []byte, signature string) error {
	chain, err := ParseCertificates(certificate)
	if err != nil {
		return err
	}
	key, ok := chain[0].PublicKey.(*rsa.PublicKey)
	if !ok {
		return fmt.Errorf("%w: the certificate is not for an RSA key", ErrSignature)
	}
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return fmt.Errorf("%w: it is not base64", ErrSignature)
	}
	sum := sha256.Sum256(body)
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], raw) != nil {
		return ErrSignature
	}
	return nil
}

// NewKey makes a processor's key for a domain, in PKCS #8, with a certificate that it signs itself: good until an authority has signed one.
func NewKey(random io.Reader, domain string, now time.Time) (private []byte, certificate string, expires time.Time, err error) {
	key, err := rsa.GenerateKey(random, keyBits)
	if err != nil {
		return nil, "", time.Time{}, fmt.Errorf("make a processor's key: %w", err)
	}
	if private, err = x509.MarshalPKCS8PrivateKey(key); err != nil {
		return nil, "", time.Time{}, fmt.Errorf("write a processor's key: %w", err)
	}
	serial, err := rand.Int(random, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, "", time.Time{}, fmt.Errorf("make a serial number: %w", err)
	}
	expires = now.Add(certificateLife).UTC().Truncate(time.Second)
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: domain}, DNSNames: []string{domain},
		NotBefore: now.Add(-time.Hour).UTC(), NotAfter: expires, KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(random, template, template, key.Public(), key)
	if err != nil {
		return nil, "", time.Time{}, fmt.Errorf("make a certificate: %w", err)
	}
	return private, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})), expires, nil
}

// ParseKey reads a processor's key.
func ParseKey(private []byte) (*rsa.PrivateKey, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("read the processor's key: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the processor's key is no RSA key")
	}
	return key, nil
}

// SigningRequest asks an authority for a certificate of the key, in PEM (PKCS #10).
func SigningRequest(private []byte, domain string) (string, error) {
	key, err := ParseKey(private)
	if err != nil {
		return "", err
	}
	raw, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: domain}, DNSNames: []string{domain}}, key)
	if err != nil {
		return "", fmt.Errorf("ask for a certificate: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: raw})), nil
}

// ParseCertificates reads a chain in PEM, the key's own certificate first.
func ParseCertificates(text string) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	rest := []byte(strings.TrimSpace(text))
	for len(rest) > 0 {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil || block.Type != "CERTIFICATE" {
			return nil, errors.New(`a certificate must be PEM of the type "CERTIFICATE", the key's own first`)
		}
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, errors.New("a certificate of the chain can't be read")
		}
		chain = append(chain, one)
	}
	if len(chain) == 0 {
		return nil, errors.New("there is no certificate")
	}
	return chain, nil
}

// Period is when the certificate at the head of a chain holds: from its first to its last moment (RFC 5280 section 4.1.2.5).
func Period(certificate string) (from, to time.Time, err error) {
	chain, err := ParseCertificates(certificate)
	if err != nil {
		return from, to, err
	}
	return chain[0].NotBefore, chain[0].NotAfter, nil
}

// CheckCertificate says why a chain can't stand for a key: another key's, another domain's, out of its time. Who signed it is the controllers'
// to judge.
func CheckCertificate(text string, private []byte, domain string, now time.Time) (expires time.Time, err error) {
	chain, err := ParseCertificates(text)
	if err != nil {
		return time.Time{}, err
	}
	key, err := ParseKey(private)
	if err != nil {
		return time.Time{}, err
	}
	leaf := chain[0]
	switch {
	case !key.PublicKey.Equal(leaf.PublicKey):
		return time.Time{}, errors.New("the certificate is of another key; have the authority sign the signing request that is shown here")
	case leaf.VerifyHostname(domain) != nil:
		return time.Time{}, fmt.Errorf("the certificate is not for %s", domain)
	case now.Before(leaf.NotBefore) || !now.Before(leaf.NotAfter):
		return time.Time{}, errors.New("the certificate is not valid today")
	}
	return leaf.NotAfter, nil
}
