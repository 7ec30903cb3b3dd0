package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
)

// longestSaid bounds what one person can say at a time, in bytes: about a
// minute of speech.
const longestSaid = 600

// command answers a POST about one phone with 204, or with the reason why
// not as a line of text.
func (p *Pages) command(a act) echo.HandlerFunc {
	return func(c echo.Context) error {
		n, err := strconv.Atoi(c.Param("phone"))
		if err != nil || n < 1 || n > phoneCount {
			return c.String(http.StatusNotFound, fmt.Sprintf("no such phone: they are numbered 1 to %d", phoneCount))
		}
		cmd := command{Phone: n, Act: a, Withheld: c.FormValue("withheld") == "1"}
		switch a {
		case press:
			cmd.Text = c.FormValue("keys")
			err = checkKeys(cmd.Text)
		case say:
			cmd.Text = strings.Join(strings.Fields(c.FormValue("text")), " ")
			err = checkSaid(cmd.Text)
		case text:
			cmd.Text = strings.ReplaceAll(c.FormValue("text"), "\r\n", "\n")
			err = checkText(cmd.Text)
		case deliver:
			cmd.Text = c.FormValue("as")
			err = checkDelivery(cmd.Text)
		case pickUp:
			cmd.Text = c.FormValue("as")
			err = checkPickup(cmd.Text)
		}
		if err != nil {
			return c.String(http.StatusBadRequest, err.Error())
		}
		return done(c, p.board.Do(cmd))
	}
}

// done answers 204, or 409 with the reason of a refusal.
func done(c echo.Context, err error) error {
	if r := (*refusal)(nil); errors.As(err, &r) {
		return c.String(http.StatusConflict, r.why)
	}
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func checkKeys(keys string) error {
	if keys == "" || len(keys) > 32 || strings.Trim(keys, "0123456789*#") != "" {
		return errors.New("keys: send 1 to 32 of 0 to 9, * and #")
	}
	return nil
}

func checkSaid(text string) error {
	if text == "" || len(text) > longestSaid {
		return fmt.Errorf("text: say something of at most %d bytes", longestSaid)
	}
	return nil
}

// longestText is what the carrier takes, in characters.
const longestText = 1600

func checkText(text string) error {
	if strings.TrimSpace(text) == "" || utf8.RuneCountInString(text) > longestText {
		return fmt.Errorf("text: write something of at most %d characters", longestText)
	}
	return nil
}

func checkDelivery(as string) error {
	for _, d := range deliveries {
		if d.Key == as {
			return nil
		}
	}
	return errors.New("as: send delivered, off, blocked or landline")
}

// windClock answers a POST of speed (0, 1 or 10) or forward (whole seconds,
// an hour at most). It answers once the clock is there, or has stopped before.
func (p *Pages) windClock(c echo.Context) error {
	w := wind{Speed: -1}
	if s := c.FormValue("speed"); s != "" {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || (v != 0 && v != 1 && v != 10) {
			return c.String(http.StatusBadRequest, "speed: send 0, 1 or 10")
		}
		w.Speed = v
	}
	if s := c.FormValue("forward"); s != "" {
		v, err := strconv.Atoi(s)
		if err != nil || v < 1 || v > 3600 {
			return c.String(http.StatusBadRequest, "forward: send 1 to 3600 seconds")
		}
		w.Forward = time.Duration(v) * time.Second
	}
	return done(c, p.board.Wind(w))
}
