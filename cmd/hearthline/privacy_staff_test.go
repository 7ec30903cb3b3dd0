package main

import (
	"bytes"
	"strings"

	"github.com/hearthline/hearthline/flows"
	"github.com/hearthline/hearthline/store"
)

// invite has a number asked whether it wants a group's reminders, by the line's
// clock: the command has the machine's.
func (w *watch) invite(e164 string, args ...string) {
	w.t.Helper()
	err := w.replica.app.members.Invite(w.t.Context(), store.Invitation{
		Line: w.replica.app.line, Number: number(w.t, e164), Group: w.text(`SELECT group_id FROM groups WHERE code = $1`, args[0]), Stated: "said so",
		At: w.clock.Now(), Preferences: flows.Preferences{Channel: flows.Channel(args[1]), Language: "en", Zone: w.config.zone}.Complete(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// staff runs a command of the program on a number, which stands on its standard
// input. What it prints is kept with the log: it tells no number either.
func (w *watch) staff(number string, args ...string) {
	w.t.Helper()
	env := map[string]string{
		"DATABASE_URL": w.config.databaseURL, "PUBLIC_URL": w.config.publicURL, "TWILIO_ACCOUNT_SID": demoAccount, "TWILIO_AUTH_TOKEN": demoToken,
		"TWILIO_API_URL": w.config.apiURL, "TWILIO_NUMBER": lineNumber, "HEARTHLINE_KEYSET_FILE": w.config.keysetFile, "HEARTHLINE_STATE_DIR": w.config.stateDir,
	}
	var printed bytes.Buffer
	code := run(w.t.Context(), args, func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		console{In: strings.NewReader(number + "\n"), Out: &printed, Err: &printed})
	if code != exitOK {
		w.t.Fatalf("%s: exit %d: %s", strings.Join(args, " "), code, printed.String())
	}
	w.printed.Write(printed.Bytes())
}
