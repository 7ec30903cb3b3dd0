package flows

import (
	"slices"
	"strings"
	"testing"
)

func TestPlainWordsOfChinese(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"我想自杀":          "我 想 自 杀",
		"加入482105。":     "加 入 482105",
		"寻找 悲伤互助":       "寻 找 悲 伤 互 助",
		"OK好的":          "ok 好 的",
		"ＯＫ　４８２１":       "ok 4821",
		"(我要死了)!!":      "我 要 死 了",
		"je suis là 你好": "je suis la 你 好",
	} {
		if got := strings.Join(plainWords(body), " "); got != want {
			t.Errorf("%q is read as %q, want %q", body, got, want)
		}
	}
	for words, want := range map[string]string{"自 杀": "自杀", "ok 好 的": "ok好的", "one day": "one day", "": "", "加 入 482105": "加入482105"} {
		if got := closed(words); got != want {
			t.Errorf("%q is shown as %q, want %q", words, got, want)
		}
	}
}

// chineseTurn is a turn of a flow that has these words in Chinese.
func chineseTurn(words map[string][]string, prompts map[string]string) *turn {
	c := &catalogue{lang: "zh-Hans", phrases: map[string][]string{}, prompts: map[string]template{}, texts: map[string]template{}}
	for name, all := range words {
		c.phrases[name] = phrases(strings.Join(all, ";"))
	}
	for name, text := range prompts {
		c.prompts[name] = template{source: text}
	}
	f := &Flow{catalogues: map[string]*catalogue{"zh-Hans": c}, languages: []string{"zh-Hans"}}
	f.danger.node = "danger"
	f.nodes = map[string]*node{"danger": {name: "danger", kind: kindSay, end: true}}
	for name := range words {
		if name != promptDanger && name != promptSmall {
			f.words = append(f.words, word{name: name, into: "code"})
		}
	}
	c.makeLookedFor(f)
	return &turn{flow: f, view: View{Directory: &Directory{Line: Line{Languages: []string{"zh-Hans"}, CodeLength: 6}}, Text: true}, s: State{Lang: "zh-Hans"}}
}

// Danger is heard inside a sentence that has no spaces, and not in letters that only
// look alike.
func TestDangerInChinese(t *testing.T) {
	t.Parallel()
	turn := chineseTurn(map[string][]string{promptDanger: {"自杀", "想死", "不想活了", "他打我", "救命"}}, nil)
	for body, want := range map[string]bool{
		"我昨天晚上想自杀，没有人知道": true, "我真的不想活了": true, "我老公说他打我是为我好": true, "救命!!!": true, "自 杀": true, "我想死": true,
		"自助小组在哪里": false, "我想找小组": false, "他打电话给我": false, "生活小组": false, "死亡与哀伤小组": false,
	} {
		if got := turn.inDanger(plainWords(body)); got != want {
			t.Errorf("%q: danger is %t", body, got)
		}
	}
}

func TestWordsOfChinese(t *testing.T) {
	t.Parallel()
	turn := chineseTurn(map[string][]string{"join": {"加入", "参加"}, "find": {"找", "寻找"}, promptSmall: {"一个", "小组", "的"}}, nil)
	for body, want := range map[string][2]string{
		"加入482105": {"join", "482105"}, "加入 482105": {"join", "482105"}, "参加": {"join", ""}, "寻找悲伤小组": {"find", "悲 伤 小 组"},
	} {
		c := turn.flow.catalogues["zh-Hans"]
		w, rest, ok := c.wordOf(plainly(body))
		if !ok || w.name != want[0] || rest != want[1] {
			t.Errorf("%q is %q with %q, want %q", body, w.name, rest, want)
		}
	}
	if got := turn.flow.catalogues["zh-Hans"].withoutSmall("一 个 悲 伤 小 组"); got != "悲 伤" {
		t.Errorf("what is looked for is %q", got)
	}
	if got := restOf("新建小组 雪松 周二晚上7:30", plainWords("新建小组 雪松 周二晚上7:30"), "新 建 小 组"); got != "雪松 周二晚上7:30" {
		t.Errorf("the rest of an order is %q", got)
	}
	if got := restOf("新建雪松周二晚上7点", plainWords("新建雪松周二晚上7点"), "新 建"); got != "雪松周二晚上7点" {
		t.Errorf("the rest of an order without spaces is %q", got)
	}
}

func TestADigitAmongChinese(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{"2": "2", "请选2号": "2", "我要第2个": "2", "2或者3": "", "我昨天给你们打了2次电话": "", "12号": ""} {
		if got := loneDigit(plainWords(body)); got != want {
			t.Errorf("%q is key %q, want %q", body, got, want)
		}
	}
}

func TestNamesInChinese(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]bool{"悲 伤": true, "悲": false, "悲 伤 与 失 去": true, "失 去": false} {
		if got := names(query, plainly("悲伤与失去")); got != want {
			t.Errorf("%q names it: %t", query, got)
		}
	}
	c := &catalogue{lang: "zh-Hans"}
	c.makeLookedFor(&Flow{})
	days := []string{"星 期 日", "星 期 一", "星 期 二", "周 日", "周 一", "周 二", "星 期"}
	for i, query := range days {
		if day, ok := c.dayCalled(query); ok != (i < 6) || ok && day != i%3 {
			t.Errorf("%q is day %d: %t", query, day, ok)
		}
	}
}

func TestHaltsOfALine(t *testing.T) {
	t.Parallel()
	for lang, body := range map[string]string{"zh-Hans": "请停止发短信", "pt-BR": "não me mandem mais", "ht": "sispann", "fr": "arrêtez svp"} {
		if got := halts(body, plainly(body)); !slices.ContainsFunc(got, func(l string) bool { return sameTongue(l, lang) }) {
			t.Errorf("%q is a stop in %q, not in %s", body, got, lang)
		}
	}
}
