package engine

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

var tagOperations = []operation{
	{"TagResource", true, (*exchange).tagResource},
	{"UntagResource", true, (*exchange).untagResource},
	{"ListTagsOfResource", false, (*exchange).listTags},
}

const (
	maxTags = 50
	// tagPage is how many tags one ListTagsOfResource returns (unverified).
	tagPage = 25
)

// tagInput is one tag of a request.
type tagInput struct{ key, value text }

func (w wire) tags(list *[]tagInput) error {
	*list = nil
	return w.array(func(w wire) error {
		var t tagInput
		err := w.pair("Tag", "Key", &t.key, "Value", &t.value)
		*list = append(*list, t)
		return err
	})
}

func (c *constraints) tags(list []tagInput) {
	for i, t := range list {
		path := "tags." + strconv.Itoa(i+1) + ".member."
		c.required(path+"key", t.key.set)
		c.length(path+"key", t.key, 1, 128)
		c.required(path+"value", t.value.set)
		c.length(path+"value", t.value, 0, 256)
	}
}

// checkTags makes the checks of tags that come after the constraints: of each
// key and value, and that no key is there twice.
func checkTags(list []tagInput) error {
	seen := map[string]bool{}
	for _, t := range list {
		if err := t.check(); err != nil {
			return err
		}
		if seen[t.key.v] {
			return errTagTwice(t.key.v)
		}
		seen[t.key.v] = true
	}
	if len(list) > maxTags {
		return errTooManyTags(len(list))
	}
	return nil
}

// check sees that a tag has a key and a value that one may have.
func (t tagInput) check() error {
	switch {
	case strings.HasPrefix(strings.ToLower(t.key.v), "aws:"):
		return errTagReserved(t.key.v)
	case !taggable(t.key.v):
		return errTagCharacters("key", t.key.v)
	case !taggable(t.value.v):
		return errTagCharacters("value", t.value.v)
	}
	return nil
}

// taggable reports whether a tag's key or value has only characters that one
// may have: letters, digits, spaces and + - = . _ : / @.
func taggable(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsSpace(r) && !strings.ContainsRune("+-=._:/@", r) {
			return false
		}
	}
	return true
}

// tagged is the tags of something after some more, in the order of their keys.
func tagged(old []tag, list []tagInput) []tag {
	tags := slices.Clone(old)
	for _, t := range list {
		i, found := findTag(tags, t.key.v)
		if found {
			tags[i].value = t.value.v
		} else {
			tags = slices.Insert(tags, i, tag{t.key.v, t.value.v})
		}
	}
	return tags
}

// untagged is those without some keys.
func untagged(old []tag, keys []string) []tag {
	return slices.DeleteFunc(slices.Clone(old), func(t tag) bool { return slices.Contains(keys, t.key) })
}

func findTag(tags []tag, key string) (int, bool) {
	return slices.BinarySearchFunc(tags, key, func(t tag, key string) int { return strings.Compare(t.key, key) })
}

func (x *exchange) tagResource() error {
	var arn text
	var list []tagInput
	set := false
	err := x.fields(func(w wire, name string) error {
		switch name {
		case "ResourceArn":
			return w.text(&arn)
		case "Tags":
			set = true
			return w.tags(&list)
		}
		return w.unknown()
	})
	if err != nil {
		return err
	}
	c := resourceConstraints(arn)
	c.required("tags", set)
	c.tags(list)
	if err := c.err(); err != nil {
		return err
	}
	if len(list) == 0 {
		return invalid(textNoTag)
	}
	if err := checkTags(list); err != nil {
		return err
	}
	return x.retag(arn, func(old []tag) []tag { return tagged(old, list) })
}

func (x *exchange) untagResource() error {
	var arn text
	var keys []string
	set := false
	err := x.fields(func(w wire, name string) error {
		switch name {
		case "ResourceArn":
			return w.text(&arn)
		case "TagKeys":
			set = true
			return w.texts(&keys)
		}
		return w.unknown()
	})
	if err != nil {
		return err
	}
	c := resourceConstraints(arn)
	c.required("tagKeys", set)
	c.texts("tagKeys", keys, 1, 128)
	if err := c.err(); err != nil {
		return err
	}
	if len(keys) == 0 {
		return invalid(textNoTagKey)
	}
	return x.retag(arn, func(old []tag) []tag { return untagged(old, keys) })
}

// retag changes the tags of the table that the ARN names.
func (x *exchange) retag(arn text, change func([]tag) []tag) error {
	t, err := x.resource(arn.v)
	if err != nil {
		return err
	}
	if err := t.settled(); err != nil {
		return err
	}
	m := *t.meta
	m.tags = change(m.tags)
	if len(m.tags) > maxTags {
		return errTooManyTags(len(m.tags))
	}
	t.meta = &m
	return x.nothing()
}

// listTags lists the tags of a table by key. A NextToken is the last key of the
// page before: it holds no state, and what is tagged meanwhile is no matter.
func (x *exchange) listTags() error {
	var arn, next text
	err := x.fields(func(w wire, name string) error {
		switch name {
		case "ResourceArn":
			return w.text(&arn)
		case "NextToken":
			return w.text(&next)
		}
		return w.unknown()
	})
	if err != nil {
		return err
	}
	c := resourceConstraints(arn)
	if err := c.err(); err != nil {
		return err
	}
	t, err := x.resource(arn.v)
	if err != nil {
		return err
	}
	from := 0
	if next.set {
		key, err := base64.RawURLEncoding.DecodeString(next.v)
		if err != nil || len(key) == 0 {
			return invalid(textNextToken)
		}
		i, found := findTag(t.meta.tags, string(key))
		from = i
		if found {
			from++
		}
	}
	x.out = x.encodeTags(t.meta.tags[from:])
	return nil
}

func (x *exchange) encodeTags(tags []tag) []byte {
	e := x.enc()
	e.open()
	e.tags(tags[:min(len(tags), tagPage)])
	if len(tags) > tagPage {
		e.str("NextToken", base64.RawURLEncoding.EncodeToString([]byte(tags[tagPage-1].key)))
	}
	e.close()
	return e.b
}

// tags writes the member Tags.
func (e *enc) tags(tags []tag) {
	e.key("Tags")
	e.list()
	for _, t := range tags {
		e.open()
		e.str("Key", t.key)
		e.str("Value", t.value)
		e.close()
	}
	e.unlist()
}

// resourceConstraints checks a ResourceArn.
func resourceConstraints(arn text) constraints {
	var c constraints
	c.required("resourceArn", arn.set)
	c.length("resourceArn", arn, 1, 1283)
	return c
}

// resource is the table that a ResourceArn names. One of another account the
// caller may not see, whether it is there or not.
func (x *exchange) resource(arn string) (*table, error) {
	parts := strings.SplitN(arn, ":", 6) // arn aws dynamodb region account table/name
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "dynamodb" {
		return nil, errBadARN(arn)
	}
	name, ok := strings.CutPrefix(parts[5], "table/")
	if !ok || !validName(name) {
		return nil, errBadARN(arn)
	}
	if parts[4] != x.s.opts.Account {
		return nil, errNotAllowed(x.principal(), x.operation, arn)
	}
	x.note(name, "")
	t := x.region.tables[name]
	if t == nil || parts[3] != x.region.name {
		return nil, errNoResource(arn)
	}
	return t, x.permit(t, x.operation, "")
}
