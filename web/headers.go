package web

import "github.com/sortkey/sortkey/components"

// SecureHeaders are what everything that a browser shows is sent with, as
// names and values.
var SecureHeaders = [][2]string{
	{"Content-Security-Policy", components.ContentPolicy + "; frame-ancestors 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"X-Frame-Options", "DENY"},
}
