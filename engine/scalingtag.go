package engine

import (
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
)

// Tags of scalable targets.

// tagMap reads the tags of Application Auto Scaling, which are a map.
func (w wire) tagMap(list *[]tagInput) error {
	*list = nil
	return w.mapping("java.lang.String", func(w wire, key string) error {
		t := tagInput{key: text{true, key}}
		err := w.text(&t.value)
		*list = append(*list, t)
		return err
	})
}

func (c *constraints) tagMap(list []tagInput) {
	for _, t := range list {
		if n := len([]rune(t.key.v)); n < 1 || n > 128 {
			c.add(quoted(t.key.v), "tags", "Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]")
		}
		c.length("tags."+t.key.v+".member", t.value, 0, 256)
	}
}

// checkTagMap makes the checks that come after the constraints.
func checkTagMap(list []tagInput) error {
	for _, t := range list {
		if err := t.check(); err != nil {
			return err
		}
	}
	return nil
}

// scalingTags is the request of TagResource, UntagResource and
// ListTagsForResource.
type scalingTags struct {
	arn  text
	tags []tagInput
	keys []string
	set  bool // whether there are Tags or TagKeys
}

// readTags reads one of these requests; member is what it has besides the ARN.
func (x *exchange) readTags(member string) (*scalingTags, error) {
	in := &scalingTags{}
	err := x.fields(func(w wire, name string) error {
		switch {
		case name == "ResourceARN":
			return w.text(&in.arn)
		case name != member:
			return w.unknown()
		}
		in.set = true
		if name == "Tags" {
			return w.tagMap(&in.tags)
		}
		return w.texts(&in.keys)
	})
	if err != nil {
		return nil, err
	}
	var c constraints
	c.required("resourceARN", in.arn.set)
	c.length("resourceARN", in.arn, 1, 1011)
	switch member {
	case "Tags":
		c.required("tags", in.set)
		c.tagMap(in.tags)
	case "TagKeys":
		c.required("tagKeys", in.set)
		c.count("tagKeys", "["+strings.Join(in.keys, ", ")+"]", len(in.keys), 0, 200)
		c.texts("tagKeys", in.keys, 1, 128)
	}
	return in, c.err()
}

// taggedTarget is the target that the request is about.
func (x *exchange) taggedTarget(in *scalingTags) (*scalable, error) {
	for _, t := range x.region.scaling.targets {
		if t.arn == in.arn.v {
			return t, nil
		}
	}
	return nil, errNoScalableARN(in.arn.v)
}

func (x *exchange) tagTarget() error {
	in, err := x.readTags("Tags")
	if err != nil {
		return err
	}
	if err := checkTagMap(in.tags); err != nil {
		return err
	}
	t, err := x.taggedTarget(in)
	if err != nil {
		return err
	}
	c := *t
	if c.tags = tagged(t.tags, in.tags); len(c.tags) > maxTags {
		return errTooManyScalingTags(t.arn)
	}
	x.region.scaling.set(&c)
	return x.nothing()
}

func (x *exchange) untagTarget() error {
	in, err := x.readTags("TagKeys")
	if err != nil {
		return err
	}
	t, err := x.taggedTarget(in)
	if err != nil {
		return err
	}
	c := *t
	c.tags = untagged(t.tags, in.keys)
	x.region.scaling.set(&c)
	return x.nothing()
}

func (x *exchange) listTargetTags() error {
	in, err := x.readTags("")
	if err != nil {
		return err
	}
	t, err := x.taggedTarget(in)
	if err != nil {
		return err
	}
	e := x.enc()
	e.open()
	e.tagMap(t.tags)
	e.close()
	x.out = e.b
	return nil
}

func (e *enc) tagMap(tags []tag) {
	e.key("Tags")
	e.open()
	for _, t := range tags {
		e.userKey(t.key)
		e.b = attr.AppendString(e.b, t.value)
	}
	e.close()
}
