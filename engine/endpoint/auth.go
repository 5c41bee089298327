package endpoint

import (
	"net/http"
	"strings"
)

// credential is what a signature's scope tells: who, and for which region.
type credential struct {
	key    string // access key id; never separates data
	region string // empty where the signature is not bound to one
}

// authenticate checks that a request is signed in form. Any key and any
// signature is accepted. Signatures come in the Authorization header or, for
// presigned requests, in the query.
func authenticate(r *http.Request) (credential, *fault) {
	header := r.Header.Get("Authorization")
	query := r.URL.Query()
	if query.Has("X-Amz-Algorithm") {
		if header != "" {
			return credential{}, faultTwoSignatures
		}
		return queryCredential(query.Get)
	}
	algorithm, params, _ := strings.Cut(strings.TrimSpace(header), " ")
	if !strings.HasPrefix(algorithm, "AWS4-") {
		return credential{}, faultNoToken
	}
	return headerCredential(r, header, parseParams(params))
}

// headerCredential reads "AWS4-… Credential=…, SignedHeaders=…, Signature=…".
func headerCredential(r *http.Request, header string, params map[string]string) (credential, *fault) {
	var missing []string
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if params[name] == "" {
			missing = append(missing, textHeaderNeeds(name))
		}
	}
	if r.Header.Get("X-Amz-Date") == "" && r.Header.Get("Date") == "" {
		missing = append(missing, textHeaderNeedsDate)
	}
	if len(missing) > 0 {
		missing = append(missing, "Authorization="+header)
		return credential{}, incomplete(strings.Join(missing, " "))
	}
	return parseScope(params["Credential"])
}

// queryCredential reads the parameters of a presigned request.
func queryCredential(get func(string) string) (credential, *fault) {
	var missing []string
	for _, name := range []string{
		"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date",
	} {
		if get(name) == "" {
			missing = append(missing, textQueryNeeds(name))
		}
	}
	if len(missing) > 0 {
		missing = append(missing, textQueryReexamine)
		return credential{}, incomplete(strings.Join(missing, " "))
	}
	return parseScope(get("X-Amz-Credential"))
}

// parseScope reads "keyid/date/region/service/aws4_request". Signatures that
// hold in several regions (SigV4A) have no region part.
func parseScope(scope string) (credential, *fault) {
	parts := strings.Split(scope, "/")
	switch {
	case len(parts) == 5 && parts[0] != "" && isRegion(parts[2]):
		return credential{key: parts[0], region: parts[2]}, nil
	case len(parts) == 4 && parts[0] != "":
		return credential{key: parts[0]}, nil
	}
	return credential{}, incomplete(textScope(scope))
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

// parseParams reads "a=b, c=d"; commas or spaces separate.
func parseParams(s string) map[string]string {
	params := map[string]string{}
	for _, part := range strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ' ' }) {
		name, value, _ := strings.Cut(part, "=")
		params[name] = value
	}
	return params
}
