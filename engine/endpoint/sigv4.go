package endpoint

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Signers makes an endpoint verify signatures as AWS does, by Signature
// Version 4 (docs.aws.amazon.com, "Create a signed AWS API request"), in the
// Authorization header or in the query. Session tokens are no secrets here:
// one that a client sends counts as a part of what it signed.
type Signers struct {
	// Secrets holds the secret access key of each access key id. Other keys
	// are refused.
	Secrets map[string]string

	// Now is the wall clock: signatures hold for five minutes, or for as long
	// as a presigned request says. When nil, all dates are in time.
	Now func() time.Time
}

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	isoBasic   = "20060102T150405Z"

	// tolerance is how far the date of a signature may be from the host's
	// time, either way.
	tolerance = 5 * time.Minute
	// longest is what a presigned request can last.
	longest = 7 * 24 * time.Hour
)

// verify checks the signature of a request with that body, as it was sent.
func (v *Signers) verify(r *http.Request, s *signature, body []byte) *fault {
	if s.algorithm != algorithm {
		return incomplete(textAlgorithm(s.algorithm))
	}
	at, ok := parseDate(s.date)
	if !ok {
		return incomplete(textDateForm(s.date))
	}
	scope := strings.Split(s.scope, "/")
	if len(scope) != 5 {
		return incomplete(textScope(s.scope))
	}
	if f := checkScope(r, scope[1:], at); f != nil {
		return f
	}
	if f := v.checkAge(s, at); f != nil {
		return f
	}
	secret, ok := v.Secrets[s.key]
	if !ok {
		return faultUnknownKey
	}
	if f := checkSigned(r, s); f != nil {
		return f
	}
	canonical := canonicalRequest(r, s, body)
	toSign := strings.Join([]string{
		algorithm, at.Format(isoBasic), strings.Join(scope[1:], "/"), hexSum(canonical),
	}, "\n")
	if want := sign(secret, scope[1:], toSign); !hmac.Equal([]byte(want), []byte(s.value)) {
		return invalid(textMismatch(canonical, toSign))
	}
	return nil
}

// parseDate reads the date of a signature: of X-Amz-Date or, from old clients,
// of Date, which may be in HTTP's form.
func parseDate(s string) (time.Time, bool) {
	if t, err := time.Parse(isoBasic, s); err == nil {
		return t, true
	}
	t, err := http.ParseTime(s)
	return t.UTC(), err == nil
}

// checkScope checks the parts of a credential behind the key: date, region,
// service and terminator. Every region is a valid one.
func checkScope(r *http.Request, scope []string, at time.Time) *fault {
	if day := at.Format("20060102"); scope[0] != day {
		return invalid(textScopeDate(scope[0], day, at.Format(isoBasic)))
	}
	if strings.HasPrefix(target(r), "DynamoDB") && scope[2] != "dynamodb" {
		return invalid(textScopeService)
	}
	if scope[3] != terminator {
		return invalid(textScopeTerminator(scope[3]))
	}
	return nil
}

// checkAge compares the date of a signature with the host's time.
func (v *Signers) checkAge(s *signature, at time.Time) *fault {
	if v.Now == nil {
		return nil
	}
	now, life := v.Now().UTC().Truncate(time.Second), tolerance
	if s.presigned && s.expires != "" {
		seconds, err := strconv.ParseUint(s.expires, 10, 31)
		life = time.Duration(seconds) * time.Second
		if err != nil || life == 0 || life > longest {
			return incomplete(textExpires)
		}
	}
	switch {
	case at.Add(life).Before(now):
		return invalid(textExpired(at.Format(isoBasic), now.Add(-life).Format(isoBasic), now.Format(isoBasic), life))
	case at.After(now.Add(tolerance)):
		return invalid(textNotYet(at.Format(isoBasic), now.Add(tolerance).Format(isoBasic), now.Format(isoBasic)))
	}
	return nil
}

// checkSigned checks that the headers which say what a request means are among
// those signed, or stand in the query, which always is: others could be changed
// under way.
func checkSigned(r *http.Request, s *signature) *fault {
	signed, query := strings.Split(s.signed, ";"), r.URL.Query()
	if !slices.Contains(signed, "host") {
		return invalid(textHostUnsigned)
	}
	for _, name := range []string{"X-Amz-Date", "X-Amz-Target", "X-Amz-Security-Token"} {
		value := r.Header.Get(name)
		if value != "" && value != query.Get(name) && !slices.Contains(signed, strings.ToLower(name)) {
			return invalid(textUnsigned(name))
		}
	}
	return nil
}

// canonicalRequest is the form of a request that is signed. Its path is always
// "/": there are no others. The body counts as it is, whatever hash of it a
// header may claim.
func canonicalRequest(r *http.Request, s *signature, body []byte) string {
	signed := strings.Split(s.signed, ";")
	slices.Sort(signed)
	var b strings.Builder
	b.WriteString(r.Method + "\n/\n" + canonicalQuery(r, s.presigned) + "\n")
	for _, name := range signed {
		b.WriteString(name + ":" + headerValue(r, name) + "\n")
	}
	b.WriteString("\n" + strings.Join(signed, ";") + "\n" + hexSum(string(body)))
	return b.String()
}

// canonicalQuery is the query in order, without the signature if that is there.
func canonicalQuery(r *http.Request, presigned bool) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	var pairs [][2]string
	for name, values := range r.URL.Query() {
		if presigned && name == "X-Amz-Signature" {
			continue
		}
		for _, value := range values {
			pairs = append(pairs, [2]string{escape(name), escape(value)})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	parts := make([]string, len(pairs))
	for i, p := range pairs {
		parts[i] = p[0] + "=" + p[1]
	}
	return strings.Join(parts, "&")
}

// escape is the URI encoding of AWS: all but unreserved characters, spaces as
// %20.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// headerValue is the canonical value of a header: several are joined, runs of
// spaces become one. What net/http keeps elsewhere than among the headers is
// taken from there.
func headerValue(r *http.Request, name string) string {
	switch {
	case name == "host" && r.Host == "":
		return r.URL.Host // of a request that never saw a wire
	case name == "host":
		return r.Host
	case name == "content-length" && r.ContentLength >= 0:
		return strconv.FormatInt(r.ContentLength, 10)
	}
	values := slices.Clone(r.Header.Values(name))
	for i, value := range values {
		values[i] = strings.Join(strings.Fields(value), " ")
	}
	return strings.Join(values, ",")
}

// sign derives the key of a scope from the secret and signs with it.
func sign(secret string, scope []string, toSign string) string {
	key := []byte("AWS4" + secret)
	for _, part := range scope {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, toSign))
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func hexSum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
