package vault_test

import (
	"bytes"
	"database/sql/driver"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"strings"
	"testing"

	"github.com/lib/pq"
	"go.yaml.in/yaml/v3"

	"github.com/hearthline/hearthline/store/vault"
)

const secret = "+12025550143"

// traces are the spellings in which the secret number might show. The last is
// how %d prints its bytes.
var traces = []string{
	"2025550143", "5550143", hex.EncodeToString([]byte("025550143")),
	strings.ToUpper(hex.EncodeToString([]byte("025550143"))),
	base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret[:9])),
	"53 53 53 48 49 52 51",
}

func assertSilent(t *testing.T, what, output string) {
	t.Helper()
	for _, trace := range traces {
		if strings.Contains(output, trace) {
			t.Errorf("%s tells the number: %s", what, output)
		}
	}
}

type (
	exported   struct{ Number vault.Number }
	unexported struct{ number vault.Number }
	embedded   struct{ vault.Number }
	pointed    struct{ number *vault.Number }
	deep       struct{ inner []map[string]unexported }
	inError    struct{ number vault.Number }
)

func (e inError) Error() string { return fmt.Sprintf("could not ring %v", e.number) }

// holders are a number in all the places from which something might print it.
func holders(t *testing.T) map[string]any {
	n := number(t, secret)
	return map[string]any{
		"bare":             n,
		"pointer":          &n,
		"exported field":   exported{n},
		"unexported field": unexported{n},
		"pointer to both":  &struct{ a, B vault.Number }{n, n},
		"embedded":         embedded{n},
		"pointer field":    pointed{&n},
		"slice":            []vault.Number{n},
		"array":            [1]vault.Number{n},
		"slice of any":     []any{n, &n},
		"map value":        map[string]vault.Number{"n": n},
		"map of pointers":  map[string]*vault.Number{"n": &n},
		"deep":             &deep{[]map[string]unexported{{"a": {n}}}},
		"error":            inError{n},
		"wrapped error":    fmt.Errorf("turn: %w", errors.Join(inError{n}, errors.New("other"))),
		"channel element":  struct{ c any }{unexported{n}},
	}
}

func TestNumberHasNoVerb(t *testing.T) {
	t.Parallel()
	verbs := strings.Split("v +v #v T t b c d o O q x X U e E f F g G s p w z", " ")
	for what, holder := range holders(t) {
		for _, verb := range verbs {
			for _, flags := range []string{"%", "%#", "% ", "%+", "%-40", "%040.20", "%[1]"} {
				format := flags + verb
				assertSilent(t, what+" with "+format, fmt.Sprintf(format, holder))
			}
		}
		assertSilent(t, what+" printed", fmt.Sprint(holder)+fmt.Sprintln("n", holder))
		assertSilent(t, what+" recovered", recovered(holder))
	}
}

func recovered(value any) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	panic(value)
}

func TestNumberIsMasked(t *testing.T) {
	t.Parallel()
	const mask = "phone:•"
	n := number(t, secret)
	j, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	text, err := n.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string]string{
		"%v": fmt.Sprintf("%v", n), "%x": fmt.Sprintf("%x", n), "%#v": fmt.Sprintf("%#v", n),
		"String": n.String(), "GoString": n.GoString(), "LogValue": n.LogValue().String(),
		"JSON": strings.Trim(string(j), `"`), "text": string(text),
	} {
		if got != mask {
			t.Errorf("%s gives %q, want %q", what, got, mask)
		}
	}
}

func TestNumberHasNoEncoding(t *testing.T) {
	t.Parallel()
	encoders := map[string]func(any) ([]byte, error){
		"json": json.Marshal,
		"xml":  xml.Marshal,
		"yaml": yaml.Marshal,
		"gob": func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(v)
			return b.Bytes(), err
		},
		"html": func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := template.Must(template.New("").Parse(`<a href="{{.}}">{{.}}</a><script>{{.}}</script>`)).Execute(&b, v)
			return b.Bytes(), err
		},
		"slog json": func(v any) ([]byte, error) { return logged(v, true), nil },
		"slog text": func(v any) ([]byte, error) { return logged(v, false), nil },
	}
	for what, holder := range holders(t) {
		for name, encode := range encoders {
			// Some refuse, which is as good; the error must be silent as well.
			out, err := attempt(encode, holder)
			assertSilent(t, name+" of "+what, string(out)+fmt.Sprint(err))
		}
	}
}

// attempt turns the panic of an encoder that cannot take a type into an error.
func attempt(encode func(any) ([]byte, error), v any) (out []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return encode(v)
}

func logged(v any, asJSON bool) []byte {
	var b bytes.Buffer
	options := &slog.HandlerOptions{Level: slog.LevelDebug}
	var handler slog.Handler = slog.NewTextHandler(&b, options)
	if asJSON {
		handler = slog.NewJSONHandler(&b, options)
	}
	slog.New(handler).With("with", v).WithGroup("group").Info("ringing", "number", v, slog.Group("in", "a", v))
	return b.Bytes()
}

func TestNumberIsNoParameter(t *testing.T) {
	t.Parallel()
	n := number(t, secret)
	tests := map[string]driver.Valuer{
		"number":  n,
		"pointer": &n,
		"array":   pq.Array([]vault.Number{n}).(driver.Valuer),
		"zero":    vault.Number{},
	}
	for what, valuer := range tests {
		value, err := driver.DefaultParameterConverter.ConvertValue(valuer)
		if err == nil {
			t.Errorf("%s became the parameter %v", what, value)
		}
		assertSilent(t, what, fmt.Sprint(value, err))
	}
}
