package console

import (
	"context"
	"errors"
	"time"

	"github.com/hearthline/hearthline/flows/schedule"
	"github.com/hearthline/hearthline/store"
	"github.com/hearthline/hearthline/store/vault"
)

// Subjects answers people who ask what is kept of them, or to be forgotten. Each act
// is in the audit log before it is done, about a pseudonym of the number.
type Subjects interface {
	// Export returns everything that is kept of a number in words, "" for nothing, and
	// their language: the member's own or, where that is not known, the one given.
	Export(ctx context.Context, by store.By, lang string, n vault.Number) (text, in string, err error)
	// Erase forgets a number, and returns the codes of groups whose facilitator it
	// stays.
	Erase(ctx context.Context, by store.By, n vault.Number) (leads []string, err error)
}

// requestsPage is who has asked, as far as it says who.
type requestsPage struct {
	Open, Answered []requestShown
	Kind, Received string // as typed
}

type requestShown struct {
	store.DataRequest
	Late bool
	Days int // until it is due
}

func (p *page) today() schedule.Date { return schedule.DateOf(p.now.In(p.zone())) }

func (p *page) requestsPage() (requestsPage, error) {
	all, err := p.desk.DB.DataRequests(p.ctx(), p.line)
	if err != nil {
		return requestsPage{}, err
	}
	r := requestsPage{Kind: string(store.RequestExport), Received: p.today().String()}
	for _, x := range all {
		if one := p.shownRequest(x); x.Open() {
			r.Open = append(r.Open, one)
		} else {
			r.Answered = append(r.Answered, one)
		}
	}
	return r, nil
}

func (p *page) shownRequest(x store.DataRequest) requestShown {
	left := schedule.Wall{Date: x.Due}.In(time.UTC).Sub(schedule.Wall{Date: p.today()}.In(time.UTC))
	return requestShown{DataRequest: x, Late: x.Late(p.today()), Days: int(left / (24 * time.Hour))}
}

// requests lists them.
func (p *page) requests() error {
	r, err := p.requestsPage()
	if err != nil {
		return err
	}
	return p.show("requests", "requests.title", r)
}

// addRequest notes that somebody asked.
func (p *page) addRequest() error {
	kind := store.RequestKind(p.FormValue("kind"))
	received, err := schedule.ParseDate(p.FormValue("received"))
	faults := map[string]string{}
	if kind != store.RequestExport && kind != store.RequestErase {
		faults["kind"] = "requests.fault_kind"
	}
	if err != nil || received.Compare(p.today()) > 0 {
		faults["received"] = "requests.fault_received"
	}
	if len(faults) > 0 {
		r, err := p.requestsPage()
		if err != nil {
			return err
		}
		r.Kind, r.Received = string(kind), p.FormValue("received")
		return p.wrong("requests", "requests.title", faults, r)
	}
	if _, err := p.desk.DB.AddDataRequest(p.ctx(), p.desk.Audit, p.line, p.by(), kind, received); err != nil {
		return err
	}
	return p.done("/console/requests", "requests.added")
}

// answerPage is one of them, and what came of it.
type answerPage struct {
	requestShown
	// Found is all that is kept of who asked, once it was looked for.
	Looked bool
	Found  string
	Theirs string // the language of it, and of what they are answered
	Answer string // what they can be answered
	// Erased says that they are forgotten, and Leads, which groups they still hold.
	Erased bool
	Leads  []string
}

func (p *page) oneRequest() (answerPage, error) {
	x, err := p.desk.DB.DataRequest(p.ctx(), p.line, p.Param("request"))
	if errors.Is(err, store.ErrNotFound) {
		return answerPage{}, missing
	}
	return answerPage{requestShown: p.shownRequest(x)}, err
}

// dataRequest asks for the number of who asked.
func (p *page) dataRequest() error {
	a, err := p.oneRequest()
	if err != nil {
		return err
	}
	return p.show("request", "requests.title_"+string(a.Kind), a)
}

// answerRequest looks for, or forgets, the number that was typed: it is not kept, nor
// shown again. What was found is on the answer to this one form.
func (p *page) answerRequest() error {
	a, err := p.oneRequest()
	if err != nil {
		return err
	}
	title := "requests.title_" + string(a.Kind)
	n, err := vault.ParseNumber(p.FormValue("number"))
	faults := map[string]string{}
	if err != nil {
		faults["number"] = "requests.fault_number"
	}
	if a.Kind == store.RequestErase && p.FormValue("sure") == "" {
		faults["sure"] = "requests.fault_sure"
	}
	if len(faults) > 0 {
		return p.wrong("request", title, faults, a)
	}
	if a.Kind == store.RequestErase {
		a.Erased = true
		if a.Leads, err = p.desk.Subjects.Erase(p.ctx(), p.by(), n); err == nil {
			err = p.desk.DB.CloseDataRequest(p.ctx(), p.desk.Audit, p.line, p.by(), a.ID, p.today())
		}
	} else {
		a.Looked = true
		a.Found, a.Theirs, err = p.desk.Subjects.Export(p.ctx(), p.by(), p.lang, n)
	}
	if err != nil {
		return err
	}
	if a.Looked {
		key := "requests.receipt_nothing"
		if a.Found != "" {
			key = "requests.receipt_export"
		}
		if a.Answer, err = p.desk.words.text(a.Theirs, key, []any{"reference", a.Reference}); err != nil {
			return err
		}
	}
	return p.show("request", title, a)
}

// closeRequest notes that who asked has their answer.
func (p *page) closeRequest() error {
	err := p.desk.DB.CloseDataRequest(p.ctx(), p.desk.Audit, p.line, p.by(), p.Param("request"), p.today())
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	if err != nil {
		return err
	}
	return p.done("/console/requests", "requests.closed")
}
