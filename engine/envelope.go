package engine

// shape classes the errors on the form of a request that since the middle of
// 2026 come in an envelope, the words that open a list of constraints. Whether
// this engine puts them into it is a setting, Options.Envelope.
type shape uint8

const (
	noShape       shape = iota // never in an envelope
	requestShape               // of PutItem and UpdateItem
	unusedNames                // of DeleteItem as well
	selectedShape              // a Select that contradicts a projection, of Query
)

const textEnvelope = "1 validation error detected: "

// shaped marks the error as one on the form of the request.
func (e *Error) shaped(s shape) *Error {
	e.shape = s
	return e
}

// envelope puts the error into the envelope if that is where the operation
// has it. Batches and transactions have none, whatever is in them.
func (e *Error) envelope(operation string) {
	in := false
	switch operation {
	case "PutItem", "UpdateItem":
		in = e.shape == requestShape || e.shape == unusedNames
	case "DeleteItem":
		in = e.shape == unusedNames
	case "Query":
		in = e.shape == selectedShape
	}
	if in {
		e.Message = textEnvelope + e.Message
	}
}
