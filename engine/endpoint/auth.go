package endpoint

import (
	"net/http"
	"strings"
)

// signature is what a request says of its signer. It comes in the
// Authorization header or, for presigned requests, in the query.
type signature struct {
	algorithm string // "AWS4-HMAC-SHA256"
	scope     string // "keyid/date/region/service/aws4_request"
	signed    string // names of the headers that were signed, joined by ";"
	value     string // in hexadecimal
	date      string // when it was signed, as the request has it
	presigned bool
	expires   string // of a presigned request: seconds, may be empty

	key    string // access key id; never separates data
	region string // empty where the signature is not bound to one
}

// read checks that a request is signed in form. Whether the signature is right
// is for [Signers] to say, where there are any.
func (s *signature) read(r *http.Request) *fault {
	authorization := header(r, "Authorization")
	if strings.Contains(r.URL.RawQuery, "X-Amz-Algorithm") {
		if query := r.URL.Query(); query.Has("X-Amz-Algorithm") {
			if authorization != "" {
				return faultTwoSignatures
			}
			return s.readQuery(query.Get)
		}
	}
	algorithm, params, _ := strings.Cut(strings.TrimSpace(authorization), " ")
	if !strings.HasPrefix(algorithm, "AWS4-") {
		return faultNoToken
	}
	*s = signature{algorithm: algorithm, date: header(r, "X-Amz-Date")}
	if s.date == "" {
		s.date = header(r, "Date")
	}
	s.readParams(params)
	if f := s.lacksInHeader(authorization); f != nil {
		return f
	}
	return s.readScope()
}

// readParams reads "Credential=…, SignedHeaders=…, Signature=…"; commas or
// spaces separate.
func (s *signature) readParams(params string) {
	for params != "" {
		part := params
		if i := separator(params); i >= 0 {
			part, params = params[:i], params[i+1:]
		} else {
			params = ""
		}
		switch name, value, _ := strings.Cut(part, "="); name {
		case "Credential":
			s.scope = value
		case "SignedHeaders":
			s.signed = value
		case "Signature":
			s.value = value
		}
	}
}

// separator is where the first comma or space is, -1 if there is none.
func separator(params string) int {
	comma := strings.IndexByte(params, ',')
	if comma >= 0 {
		params = params[:comma]
	}
	if space := strings.IndexByte(params, ' '); space >= 0 {
		return space
	}
	return comma
}

// lacksInHeader is the fault of an Authorization header in which parts are
// missing, all of them named.
func (s *signature) lacksInHeader(header string) *fault {
	if s.scope != "" && s.value != "" && s.signed != "" && s.date != "" {
		return nil
	}
	var missing []string
	for _, p := range [...]struct{ name, value string }{
		{"Credential", s.scope}, {"Signature", s.value}, {"SignedHeaders", s.signed},
	} {
		if p.value == "" {
			missing = append(missing, textHeaderNeeds(p.name))
		}
	}
	if s.date == "" {
		missing = append(missing, textHeaderNeedsDate)
	}
	return incomplete(strings.Join(append(missing, "Authorization="+header), " "))
}

// readQuery reads the parameters of a presigned request.
func (s *signature) readQuery(get func(string) string) *fault {
	*s = signature{presigned: true, expires: get("X-Amz-Expires")}
	var missing []string
	for _, p := range []struct {
		name string
		to   *string
	}{
		{"X-Amz-Algorithm", &s.algorithm}, {"X-Amz-Credential", &s.scope}, {"X-Amz-Signature", &s.value},
		{"X-Amz-SignedHeaders", &s.signed}, {"X-Amz-Date", &s.date},
	} {
		if *p.to = get(p.name); *p.to == "" {
			missing = append(missing, textQueryNeeds(p.name))
		}
	}
	if len(missing) > 0 {
		return incomplete(strings.Join(append(missing, textQueryReexamine), " "))
	}
	return s.readScope()
}

// readScope reads "keyid/date/region/service/aws4_request". Signatures that
// hold in several regions (SigV4A) have no region part.
func (s *signature) readScope() *fault {
	key, rest, _ := strings.Cut(s.scope, "/")
	_, place, _ := strings.Cut(rest, "/") // behind the date
	region, _, _ := strings.Cut(place, "/")
	switch slashes := strings.Count(s.scope, "/"); {
	case slashes == 4 && key != "" && isRegion(region):
		s.key, s.region = key, region
	case slashes == 3 && key != "":
		s.key = key
	default:
		return incomplete(textScope(s.scope))
	}
	return nil
}

// isRegion bounds what a client can make the engine use as a region's name.
func isRegion(s string) bool {
	if s == "" || len(s) > 32 {
		return false
	}
	for _, c := range []byte(s) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-') {
			return false
		}
	}
	return true
}
