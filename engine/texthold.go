package engine

import "strconv"

// Sortkey's own words on transactions that are held: the service has no such
// thing.
const textHoldOperation = "Only a TransactWriteItems can be held open"

func errHoldName(name string) *Error {
	return invalid("A transaction cannot be held under the name " + strconv.Quote(name) + ": 1 to 40 letters, digits, _ . - are expected")
}

func errHoldTaken(name string) *Error {
	return invalid("A transaction called " + name + " is open already")
}

func errHoldCount(most int) *Error {
	return invalid("At most " + strconv.Itoa(most) + " transactions can be open")
}

func errNotOpen(name string) *Error {
	return invalid("There is no open transaction called " + strconv.Quote(name))
}
