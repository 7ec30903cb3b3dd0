package console

// home is what there is to see to.
func (p *page) home() error { return p.show("home", "home.title", nil) }
