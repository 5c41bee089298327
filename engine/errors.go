package engine

import "github.com/sortkey/sortkey/engine/attr"

// Error is a failure as DynamoDB reports it: the exception's name, its message
// to the letter and what else it carries. The texts are in texts.go.
type Error struct {
	Code    string // "ValidationException"
	Message string // empty: the exception has none
	Status  int    // 400 or 500
	// Item travels with a ConditionalCheckFailedException on request.
	Item *attr.Item
	// Reasons travel with a TransactionCanceledException: one for each action.
	Reasons []Reason
	// Throttled tells which limits the request was over.
	Throttled []ThrottlingReason
	// Fault says where in the request the trouble lies, for a caret.
	Fault *Fault
	shape shape
	whole bool   // fails a transaction as a whole, without reasons
	about string // ResourceName, "" where the exception has none
	plain bool   // of Application Auto Scaling, which gives its errors no namespace
}

// Fault is a place in an expression of the request.
type Fault struct {
	Member      string // the request member: "FilterExpression"
	Source      string // its text
	Offset, End int    // bytes of Source at fault
	Word        string // a reserved word that could be replaced by a placeholder, else ""
}

// Error makes *Error an error.
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Code
	}
	return e.Code + ": " + e.Message
}

// namespaces are the prefixes of __type that differ from the service's own.
var namespaces = map[string]string{
	"ValidationException":       "com.amazon.coral.validate#",
	"SerializationException":    "com.amazon.coral.service#",
	"UnknownOperationException": "com.amazon.coral.service#",
	"AccessDeniedException":     "com.amazon.coral.service#",
	"ThrottlingException":       "com.amazon.coral.service#",
	"ServiceUnavailable":        "com.amazon.coral.service#",
}

// capitalMessage are the exceptions whose text member is Message.
var capitalMessage = map[string]bool{
	"SerializationException":               true,
	"AccessDeniedException":                true,
	"TransactionCanceledException":         true,
	"TransactionInProgressException":       true,
	"IdempotentParameterMismatchException": true,
}

// reply encodes the error as DynamoDB does.
func (e *Error) reply() Reply {
	ns, ok := namespaces[e.Code]
	if !ok {
		ns = "com.amazonaws.dynamodb.v20120810#"
	}
	if e.plain && e.Code != "SerializationException" {
		ns = ""
	}
	b := append([]byte(nil), `{"__type":`...)
	b = attr.AppendString(b, ns+e.Code)
	if e.Message != "" {
		member := `,"message":`
		if capitalMessage[e.Code] || e.plain {
			member = `,"Message":`
		}
		b = attr.AppendString(append(b, member...), e.Message)
	}
	if e.about != "" {
		b = attr.AppendString(append(b, `,"ResourceName":`...), e.about)
	}
	if e.Item != nil {
		b = append(append(b, `,"Item":`...), e.Item.JSON()...)
	}
	if e.Reasons != nil {
		b = appendReasons(append(b, `,"CancellationReasons":`...), e.Reasons)
	}
	if e.Throttled != nil {
		b = e.appendThrottled(b)
	}
	return Reply{Status: e.Status, Body: append(b, '}')}
}

// appendThrottled appends the member that tells which limits a request was over.
func (e *Error) appendThrottled(b []byte) []byte {
	name := "ThrottlingReasons"
	if e.Code == "ThrottlingException" {
		name = "throttlingReasons"
	}
	b = append(append(append(b, `,"`...), name...), `":[`...)
	w := enc{b: b}
	for _, r := range e.Throttled {
		w.open()
		w.str("reason", r.Reason)
		w.str("resource", r.Resource)
		w.close()
	}
	w.unlist()
	return w.b
}

func fail(code, message string) *Error {
	return &Error{Code: code, Message: message, Status: 400}
}

// named adds the name of the resource that the exception is about.
func (e *Error) named(resource string) *Error {
	e.about = resource
	return e
}

// invalid is a ValidationException with that text.
func invalid(message string) *Error { return fail("ValidationException", message) }

// invalidValue is a ValidationException of the "parameter values" family.
func invalidValue(message string) *Error { return invalid(textPVI + message) }

// at attaches the place of the trouble.
func (e *Error) at(member, source string, offset, end int) *Error {
	e.Fault = &Fault{Member: member, Source: source, Offset: offset, End: end}
	return e
}
