package engine

import "strconv"

// witnessUpdate is one of the GlobalTableWitnessUpdates of an UpdateTable.
type witnessUpdate struct {
	create, remove bool
	region         text
}

func (w wire) witnessUpdates(list *[]witnessUpdate) error {
	*list = nil
	return w.array(func(w wire) error {
		var u witnessUpdate
		err := w.structure("GlobalTableWitnessGroupUpdate", func(w wire, kind string) error {
			switch kind {
			case "Create":
				u.create = true
			case "Delete":
				u.remove = true
			default:
				return w.unknown()
			}
			return w.structure(kind+"GlobalTableWitnessGroupMemberAction", func(w wire, name string) error {
				if name != "RegionName" {
					return w.unknown()
				}
				return w.text(&u.region)
			})
		})
		*list = append(*list, u)
		return err
	})
}

// witnessConstraints are those of the list: exactly one update, of a region.
func (in *updateTableInput) witnessConstraints(c *constraints) {
	switch n := len(in.witnesses); {
	case in.witnessed && n == 0:
		c.add("'[]'", "globalTableWitnessUpdates", "Member must have length greater than or equal to 1")
	case n > 1:
		c.add("'["+strconv.Itoa(n)+" items]'", "globalTableWitnessUpdates", "Member must have length less than or equal to 1")
	}
	for i, u := range in.witnesses {
		path := "globalTableWitnessUpdates." + strconv.Itoa(i+1) + ".member."
		if u.create {
			c.required(path+"create.regionName", u.region.set)
		}
		if u.remove {
			c.required(path+"delete.regionName", u.region.set)
		}
	}
}

func (s *state) updateStrong(r *region, t *table, in *updateTableInput) error {
	return errNotBuilt("MultiRegionConsistency STRONG")
}
