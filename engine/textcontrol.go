package engine

import "strconv"

// The wire texts about tags, resource policies and backups. Where nothing was
// ever recorded, the words are ours: unverified.

func errNoResource(arn string) *Error {
	return fail("ResourceNotFoundException", "Requested resource not found: ResourcArn: "+arn+" not found")
}

func errTagReserved(key string) *Error { // unverified
	return invalidValue("Tag keys that begin with aws: are reserved: " + key)
}

func errTagCharacters(what, s string) *Error { // unverified
	return invalidValue("The tag " + what + " has characters that are not allowed: " + s)
}

func errTagTwice(key string) *Error { // unverified
	return invalidValue("Duplicate tag key: " + key)
}

func errTooManyTags(n int) *Error { // unverified
	return invalidValue("Too many tags: " + strconv.Itoa(n) + " exceed the limit of 50")
}

// errDenied is what a caller is told whom a policy of the table denies.
func errDenied(user, action, resource string) *Error {
	return fail("AccessDeniedException", "User: "+user+" is not authorized to perform: "+action+" on resource: "+resource+
		" with an explicit deny in a resource-based policy")
}

// errNotAllowed is what a caller is told about the resource of another account.
func errNotAllowed(user, action, resource string) *Error {
	return fail("AccessDeniedException", "User: "+user+" is not authorized to perform: dynamodb:"+action+" on resource: "+resource+
		" because no resource-based policy allows the dynamodb:"+action+" action")
}

const textNoPolicy = "Resource-based policy not found for the provided ResourceArn: "

func errNoPolicy(arn string) *Error { return fail("PolicyNotFoundException", textNoPolicy+arn) }

func errPolicyRevision(table, asked, is string) *Error {
	return fail("PolicyNotFoundException", textNoPolicy+"Requested update for policy with revision id "+asked+
		", but the policy associated to target table "+table+" has revision id "+is+".")
}

func errPolicyExists(table, is string) *Error {
	return fail("PolicyNotFoundException", textNoPolicy+"Requested policy update expecting none to be present for table "+table+
		", but a policy exists with revision id "+is+".")
}

func errPolicy(why string) *Error { return invalid("Invalid policy document: " + why) } // unverified

func errPolicySize(n int) *Error { // unverified
	return invalid("Invalid policy document: its " + strconv.Itoa(n) + " bytes exceed the limit of " + strconv.Itoa(maxPolicy))
}

func errNoTableToBackUp(name string) *Error {
	return fail("TableNotFoundException", "Table not found: "+name)
}
