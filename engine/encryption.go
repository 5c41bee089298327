package engine

import (
	"crypto/sha256"
	"strings"
)

// sseInput is an SSESpecification as read.
type sseInput struct {
	set       bool
	enabled   flag
	kind, key text
}

func (in *sseInput) read(w wire) error {
	in.set = true
	return w.structure("SSESpecification", func(w wire, name string) error {
		switch name {
		case "Enabled":
			return w.flag(&in.enabled)
		case "SSEType":
			return w.text(&in.kind)
		case "KMSMasterKeyId":
			return w.text(&in.key)
		}
		return w.unknown()
	})
}

// check holds what the members of the specification must keep among each other.
func (in *sseInput) check() error {
	switch {
	case in.kind.v == "AES256":
		return invalidValue(textSSEType)
	case !in.enabled.v && in.key.set:
		return invalidValue(textSSEKey)
	case in.key.set && in.key.v == "":
		return invalidValue(textSSENoKey)
	}
	return nil
}

// managedKey is the alias of the key that AWS manages for DynamoDB.
const managedKey = "alias/aws/dynamodb"

// keyARN is the ARN of the key that the specification asks for, "" for the one
// that the service owns and nobody sees.
func (s *state) keyARN(in *sseInput, region string) string {
	if !in.enabled.v {
		return ""
	}
	id := in.key.v
	if id == "" {
		id = managedKey
	}
	prefix := "arn:aws:kms:" + region + ":" + s.opts.Account + ":"
	if arn, ok := strings.CutPrefix(id, prefix); ok {
		id = arn
	}
	switch {
	case strings.HasPrefix(id, "arn:"): // of another region or account
		return id
	case strings.HasPrefix(id, "alias/"):
		return prefix + "key/" + keyOfAlias(prefix+id)
	}
	return prefix + "key/" + strings.TrimPrefix(id, "key/")
}

// keyOfAlias is the id of the key behind an alias. There is no KMS here: the
// alias alone decides, so that it is the same key whoever names it.
func keyOfAlias(arn string) string { return uuid(sha256.Sum256([]byte(arn))) }

// describeKey writes the SSEDescription; a key that the service owns has none.
func (e *enc) describeKey(m *tableMeta) {
	status, key := "ENABLED", m.key
	if m.next.key != m.key {
		status = "UPDATING"
	}
	if key == "" {
		key = m.next.key
	}
	if key == "" {
		return
	}
	e.key("SSEDescription")
	e.open()
	e.str("Status", status)
	e.str("SSEType", "KMS")
	e.str("KMSMasterKeyArn", key)
	e.close()
}
