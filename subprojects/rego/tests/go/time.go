// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"math"
	"net"
	"strings"
	"time"
	_ "time/tzdata"
)

var layoutParts = []string{"2006", "06", "01", "1", "Jan", "January", "02", "2",
	"_2", "Mon", "Monday", "15", "03", "3", "04", "4", "05", "5", "PM", "pm",
	"Z07:00", "-07:00", "-0700", "-07", ".000", ".999", ",000", ".000000000",
	"002", "__2", ":", "-", " ", "T", "/", "x", "é", "at"}

var layouts = map[string]string{"ANSIC": time.ANSIC, "UnixDate": time.UnixDate,
	"RubyDate": time.RubyDate, "RFC822": time.RFC822, "RFC822Z": time.RFC822Z,
	"RFC850": time.RFC850, "RFC1123": time.RFC1123,
	"RFC1123Z": time.RFC1123Z, "RFC3339": time.RFC3339,
	"RFC3339Nano": time.RFC3339Nano}

var layoutNames = []string{"ANSIC", "UnixDate", "RubyDate", "RFC822", "RFC822Z",
	"RFC850", "RFC1123", "RFC1123Z", "RFC3339", "RFC3339Nano"}

var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata",
	"Australia/Lord_Howe", "Pacific/Apia", "America/Caracas",
	"Africa/Monrovia", ""}

var errRange = errors.New("time outside of valid range")

// Nanoseconds, where 64 bits hold them.
func nanoseconds(t time.Time, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	if t.Before(time.Unix(0, math.MinInt64)) || t.After(time.Unix(0, math.MaxInt64)) {
		return 0, errRange
	}
	return t.UnixNano(), nil
}

func (g *generator) moment() int64 {
	switch g.below(4) {
	case 0:
		return g.random.Int63() - g.random.Int63()
	case 1:
		return g.random.Int63n(2e18)
	default:
		return g.random.Int63n(4e9) * 1e9 / 2
	}
}

// A digit turned to another, or the last character gone; nothing where there
// is a zone, of which Go's versions take different ones.
func (g *generator) misprinted(layout, s string) string {
	at := g.below(20)
	switch {
	case g.below(3) > 0 || s == "" || strings.Contains(layout, "07"):
		return s
	case at < len(s) && s[at] >= '0' && s[at] <= '9':
		return s[:at] + g.one("0", "3", "7", "9") + s[at+1:]
	case s[len(s)-1] < 0x80:
		return s[:len(s)-1]
	default:
		return s
	}
}

func (g *generator) time() {
	written := g.some(1, 8, layoutParts)
	layout := written
	if g.below(4) == 0 {
		written = g.one(layoutNames...)
		layout = layouts[written]
	}
	ns, zone := g.moment(), g.one(zones...)
	place, _ := time.LoadLocation(zone)
	t := time.Unix(0, ns).In(place)
	at := []any{ns, zone}
	g.add("time.format", t.Format(layout), nil, []any{ns, zone, written})
	text := g.misprinted(layout, t.Format(layout))
	n, err := nanoseconds(time.Parse(layout, text))
	g.add("time.parse_ns", n, err, written, text)
	text = g.misprinted("", t.UTC().Format(g.one(time.RFC3339, time.RFC3339Nano)))
	n, err = nanoseconds(time.Parse(time.RFC3339, text))
	g.add("time.parse_rfc3339_ns", n, err, text)
	year, month, day := t.Date()
	g.add("time.date", []int{year, int(month), day}, nil, at)
	hour, minute, second := t.Clock()
	g.add("time.clock", []int{hour, minute, second}, nil, at)
	g.add("time.weekday", t.Weekday().String(), nil, at)
	years, months, days := g.below(300)-150, g.below(60)-30, g.below(800)-400
	n, err = nanoseconds(t.AddDate(years, months, days), nil)
	g.add("time.add_date", n, err, at, years, months, days)
	g.duration()
}

// Not days, weeks and years, which are OPA's own.
func (g *generator) duration() {
	text := g.one("", "", "", "-", "+", " ", "--")
	for n := 1 + g.below(4); n > 0; n-- {
		text += g.one("1", "0", "1.5", ".5", "5.", "100", "9223372036", ".",
			"9223372036854775807", "1e3", "0.000000001", "2562047")
		text += g.one("h", "m", "s", "ms", "us", "µs", "μs", "ns", "", "x")
	}
	d, err := time.ParseDuration(text)
	g.add("time.parse_duration_ns", int64(d), err, text)
}

func (g *generator) address() {
	addresses := []string{"10.0.0.0", "10.0.0.1", "192.168.1.255", "1.2.3",
		"256.1.1.1", "01.2.3.4", "::1", "fe80::1%eth0", "2001:db8::", "::",
		"::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "1::2::3", "", "a", "12345::"}
	sizes := []string{"/8", "/24", "/32", "/33", "/0", "/128", "/129", "", "/",
		"/-1", "/08", "/ 8", "/120", "/+8"}
	one := g.one(addresses...) + g.one(sizes...)
	two := g.one(addresses...) + g.one(sizes...)
	_, a, err := net.ParseCIDR(one)
	g.add("net.cidr_is_valid", err == nil, nil, one)
	if err != nil {
		return
	}
	_, b, err := net.ParseCIDR(two)
	meet := err == nil && (a.Contains(b.IP) || b.Contains(a.IP))
	g.add("net.cidr_intersects", meet, err, one, two)
	if ip := net.ParseIP(two); ip != nil {
		g.add("net.cidr_contains", a.Contains(ip), nil, one, two)
	} else if err != nil {
		g.add("net.cidr_contains", nil, err, one, two)
	}
}
