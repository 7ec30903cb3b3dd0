package doctor

// flow says whether callers hear the flow that was published for them.
func (d *Doctor) flow() (all []Finding) {
	if d.Unusable == nil {
		return nil
	}
	bad := d.Unusable()
	for _, version := range bad {
		if version == "" {
			all = append(all, found("flow.heard", "folder"))
		} else {
			all = append(all, found("flow.heard", "version", "version", version))
		}
	}
	if len(bad) == 0 {
		all = append(all, found("flow.heard", "good"))
	}
	return all
}

// amiss are those findings that need no looking, of which whoever looks must be told.
func (d *Doctor) amiss() (all []Finding) {
	for _, f := range d.flow() {
		if f.State != OK {
			all = append(all, f)
		}
	}
	return all
}
