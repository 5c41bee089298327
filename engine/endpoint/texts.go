package endpoint

import (
	"encoding/json"
	"net/http"
	"strings"
)

// The words AWS uses for what goes wrong before an operation is reached. The
// texts of the operations themselves are the engine's.

// fault is an error answered by the HTTP layer alone.
type fault struct {
	status  int
	code    string
	message string // empty: the answer has no message member
}

func (f *fault) body() []byte {
	answer := struct {
		Type    string `json:"__type"`
		Message string `json:"message,omitempty"`
	}{"com.amazon.coral.service#" + f.code, f.message}
	// Texts quote what the client sent; AWS writes < and & as they are.
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(answer); err != nil {
		panic(err) // two strings
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}

var (
	faultNoToken = &fault{http.StatusBadRequest, "MissingAuthenticationTokenException",
		"Request is missing Authentication Token"}
	faultTwoSignatures = &fault{http.StatusBadRequest, "InvalidSignatureException",
		"Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."}
	faultUnreadable = &fault{http.StatusBadRequest, "SerializationException", ""}

	// AWS closes the door on these without a word; the message is ours.
	faultTooLarge = &fault{http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException",
		"Request body is larger than 16 MB"}
)

func incomplete(message string) *fault {
	return &fault{http.StatusBadRequest, "IncompleteSignatureException", message}
}

const textHeaderNeedsDate = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."

const textQueryReexamine = "Re-examine the query-string parameters."

func textHeaderNeeds(name string) string {
	return "Authorization header requires '" + name + "' parameter."
}

func textQueryNeeds(name string) string {
	return "AWS query-string parameters must include '" + name + "'."
}

func textScope(scope string) string {
	return "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" + scope + "'"
}
