package enginetest

import (
	"encoding/json"
	"strings"
)

// The wire form of an error without further members, said here a second time on
// purpose: what the engine encodes is compared with it byte by byte.

var coralServices = []string{"SerializationException", "UnknownOperationException", "AccessDeniedException"}

func namespace(code string) string {
	if code == "ValidationException" {
		return "com.amazon.coral.validate#"
	}
	for _, c := range coralServices {
		if c == code {
			return "com.amazon.coral.service#"
		}
	}
	return "com.amazonaws.dynamodb.v20120810#"
}

func messageMember(code string) string {
	if code == "SerializationException" || code == "AccessDeniedException" {
		return "Message"
	}
	return "message"
}

// shortError writes the body of an error as "Code: message", or "Code" where it
// has no message. ok is false where the body carries more, or is not exactly
// what longError makes of the short form.
func shortError(body []byte) (short string, ok bool) {
	var e struct {
		Type    string `json:"__type"`
		Message string // either case
	}
	if json.Unmarshal(body, &e) != nil {
		return string(body), false
	}
	short = e.Type[strings.Index(e.Type, "#")+1:] // that of Application Auto Scaling has none
	if e.Message != "" {
		short += ": " + e.Message
	}
	return short, longError(short) == string(body)
}

// longError is the body that a short form stands for.
func longError(short string) string {
	code, message, has := strings.Cut(short, ": ")
	body := `{"__type":"` + namespace(code) + code + `"`
	if has {
		body += `,"` + messageMember(code) + `":` + jsonString(message)
	}
	return body + "}"
}

func jsonString(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
