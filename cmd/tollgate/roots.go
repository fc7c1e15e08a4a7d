package main

import (
	"bytes"
	"crypto/x509"
	"io"
	"os"
	"strings"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// systemRoots is where crypto/x509 looks for a bundle of certificates on Linux. Of these
// it reads the first that it can.
var systemRoots = []string{
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem",
	"/etc/pki/tls/cacert.pem",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
	"/etc/ssl/cert.pem",
}

// trustVendors gives a machine without certificates those that the program brings along.
// They are as good as never needed and take longer to read than a database to open, so
// where the machine has a bundle of its own they are left alone. crypto/x509 decides:
// what it finds itself goes before them.
func trustVendors() {
	bundles := systemRoots
	if own := os.Getenv("SSL_CERT_FILE"); own != "" {
		bundles = []string{own}
	}
	if hasCertificates(bundles) && !strings.Contains(os.Getenv("GODEBUG"), "x509usefallbackroots") {
		return
	}
	x509.SetFallbackRoots(builtinRoots())
}

// builtinRoots are the certificates that the program brings along.
func builtinRoots() *x509.CertPool {
	pool := x509.NewCertPool()
	for root := range bundle.Roots() {
		cert, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			panic("built-in certificates: " + err.Error()) // a test reads them
		}
		if root.Constraint == nil {
			pool.AddCert(cert)
		} else {
			pool.AddCertWithConstraint(cert, root.Constraint)
		}
	}
	return pool
}

// hasCertificates says whether the first of the files that can be read holds a
// certificate near its beginning. Where it is wrong with a no, nothing is lost but time.
func hasCertificates(files []string) bool {
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			continue
		}
		defer f.Close()
		head := make([]byte, 8<<10) // some begin with a comment
		n, _ := io.ReadFull(f, head)
		return bytes.Contains(head[:n], []byte("-----BEGIN CERTIFICATE-----"))
	}
	return false
}
