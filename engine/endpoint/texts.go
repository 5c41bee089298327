package endpoint

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
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
	faultUnknownKey = &fault{http.StatusBadRequest, "UnrecognizedClientException",
		"The security token included in the request is invalid."}
	faultUnknownOperation = &fault{http.StatusBadRequest, "UnknownOperationException", ""}
	faultUnreadable       = &fault{http.StatusBadRequest, "SerializationException", ""}

	// AWS closes the door on these without a word; the message is ours.
	faultTooLarge = &fault{http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException",
		"Request body is larger than 16 MB"}
)

func incomplete(message string) *fault {
	return &fault{http.StatusBadRequest, "IncompleteSignatureException", message}
}

func invalid(message string) *fault {
	return &fault{http.StatusBadRequest, "InvalidSignatureException", message}
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

// What verification finds. Seen in reports of users of DynamoDB: the mismatch
// with both strings (2013 and 2017), the expiry with "5 min." (2025), the
// service with its last space (2020).

func textMismatch(canonical, toSign string) string {
	return "The request signature we calculated does not match the signature you provided. " +
		"Check your AWS Secret Access Key and signing method. Consult the service documentation for details." +
		"\n\nThe Canonical String for this request should have been\n'" + canonical +
		"'\n\nThe String-to-Sign should have been\n'" + toSign + "'\n"
}

func textExpired(at, limit, now string, life time.Duration) string {
	return "Signature expired: " + at + " is now earlier than " + limit + " (" + now + " - " + span(life) + ")"
}

const textScopeService = "Credential should be scoped to correct service: 'dynamodb'. "

// These are as other services of AWS write them; that DynamoDB does is
// unverified.

func textNotYet(at, limit, now string) string {
	return "Signature not yet current: " + at + " is still later than " + limit + " (" + now + " + " + span(tolerance) + ")"
}

func textScopeDate(scope, day, at string) string {
	return "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '" +
		scope + "' != '" + day + "', from '" + at + "'."
}

func textScopeTerminator(got string) string {
	return "Credential should be scoped with a valid terminator: '" + terminator + "', not '" + got + "'."
}

func textAlgorithm(got string) string { return "Unsupported AWS 'algorithm': '" + got + "'" }

func textDateForm(got string) string {
	return "Date must be in ISO-8601 'basic format'. Got '" + got + "'. See http://en.wikipedia.org/wiki/ISO_8601"
}

const textHostUnsigned = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."

func textUnsigned(name string) string {
	return "'" + name + "' must be a 'SignedHeader' in the AWS Authorization."
}

const textExpires = "X-Amz-Expires must be a number of seconds from 1 to 604800."

// span writes a duration as the texts do: in minutes where it is made of them.
func span(d time.Duration) string {
	if d%time.Minute == 0 {
		return strconv.Itoa(int(d/time.Minute)) + " min."
	}
	return strconv.Itoa(int(d/time.Second)) + " sec."
}
