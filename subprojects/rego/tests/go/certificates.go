// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"time"
)

var signers = makeSigners()

func makeSigners() []crypto.Signer {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	must(err)
	all := []crypto.Signer{long, edwards}
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P256(),
		elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		must(err)
		all = append(all, key)
	}
	return all
}

func oid(numbers ...int) asn1.ObjectIdentifier { return numbers }

func (g *generator) name() pkix.Name {
	name := pkix.Name{CommonName: g.one("a", "é", "*.b", "x y", "")}
	if g.below(2) == 0 {
		name.Organization = []string{"o", "p é"}
		name.Country = []string{"DE"}
	}
	if g.below(3) == 0 {
		name.OrganizationalUnit = []string{"u"}
		name.Locality, name.Province = []string{"l"}, []string{"p"}
		name.StreetAddress, name.PostalCode = []string{"s"}, []string{"1"}
		name.SerialNumber = "s1"
	}
	if g.below(4) == 0 {
		name.ExtraNames = []pkix.AttributeTypeAndValue{
			{Type: oid(1, 2, 840, 113549, 1, 9, 1), Value: "e@x"},
			{Type: oid(0, 9, 2342, 19200300, 100, 1, 25), Value: "dc"}}
	}
	return name
}

func (g *generator) constrain(to *x509.Certificate) {
	_, network, _ := net.ParseCIDR(g.one("10.0.0.0/8", "2001:db8::/32"))
	to.PermittedDNSDomains = []string{".p", "q"}
	to.PermittedDNSDomainsCritical = g.below(2) == 0
	to.ExcludedEmailAddresses = []string{"x.y", "a@b"}
	to.PermittedIPRanges = []*net.IPNet{network}
	to.ExcludedURIDomains = []string{".u"}
}

func (g *generator) extend(to *x509.Certificate) {
	switch g.below(11) {
	case 0:
		to.DNSNames = []string{"a.b", "*.c.d"}
		to.EmailAddresses = []string{"m@x.y"}
	case 1:
		to.IPAddresses = []net.IP{net.IPv4(1, 2, 3, 4), net.ParseIP("::1")}
	case 2:
		u, _ := url.Parse("spiffe://a.b/c?d=e#f")
		to.URIs = []*url.URL{u}
	case 3:
		to.KeyUsage = x509.KeyUsage(g.below(512))
	case 4:
		to.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsage(g.below(14))}
		to.UnknownExtKeyUsage = []asn1.ObjectIdentifier{oid(1, 2, 3, 4)}
	case 5:
		to.BasicConstraintsValid, to.IsCA = true, g.below(3) > 0
		to.MaxPathLen, to.MaxPathLenZero = 0, false
		if to.IsCA {
			to.MaxPathLen, to.MaxPathLenZero = g.below(3), g.below(2) == 0
		}
	case 6:
		to.CRLDistributionPoints = []string{"http://crl/x"}
	case 7:
		to.OCSPServer = []string{"http://o"}
		to.IssuingCertificateURL = []string{"http://i"}
	case 8:
		to.SubjectKeyId = []byte{1, 2, 3}
	case 9:
		g.constrain(to)
	default:
		to.ExtraExtensions = []pkix.Extension{{Id: oid(1, 3, 6, 1, 4, 1, 5),
			Critical: g.below(2) == 0, Value: []byte{4, 1, 0}}}
	}
}

func (g *generator) certificate() {
	moment := func() time.Time { return time.Unix(g.random.Int63n(4e9), 0) }
	template := &x509.Certificate{SerialNumber: big.NewInt(1 + g.random.Int63()),
		Subject: g.name(), NotBefore: moment(), NotAfter: moment()}
	for n := g.below(6); n > 0; n-- {
		g.extend(template)
	}
	issuer := &x509.Certificate{Subject: g.name(), SubjectKeyId: []byte{9, 8}}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer,
		signers[g.below(len(signers))].Public(), signers[g.below(len(signers))])
	if err != nil {
		panic(err)
	}
	text := base64.StdEncoding.EncodeToString(der)
	if g.below(2) == 0 {
		text = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	parsed, err := x509.ParseCertificate(der)
	g.add("crypto.x509.parse_certificates", []*x509.Certificate{parsed}, err, text)
}
