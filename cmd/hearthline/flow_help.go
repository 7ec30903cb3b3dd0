package main

// What --help of the commands of a flow says more, each with an example.

func (flowCheckCommand) Help() string {
	return `The file, line and column of each problem, its code, and how to mend it. An error keeps a flow from being heard; a warning does not.

Languages that LINE_LANGUAGES names and the flow does not speak are a warning. Those that are offered at the desk alone are not known here: name them to be sure.

Example: LINE_LANGUAGES=en,es hearthline flow check my-line --strict`
}

func (flowRunCommand) Help() string {
	return `You are the caller, on groups that meet around now. Nothing is dialled or sent.

Examples:
  hearthline flow run my-line --as member:anna --record call.yaml
  hearthline flow run my-line --channel sms --lang es
  hearthline flow run my-line --play call.yaml`
}

func (flowExploreCommand) Help() string {
	return `Every key, every silence, every text and every way that a room or a function may end, in each language. It fails if a promise is broken, and tells where and after which keys.

Example: hearthline flow explore my-line --depth 6 --lang en`
}

func (flowDiffCommand) Help() string {
	return `Example: hearthline flow diff - my-line`
}

func (flowDiagramCommand) Help() string {
	return `The way to the crisis line is red, and so is what has an error.

Mermaid draws no more than 500 arrows unless its settings let it: the built-in flow takes maxEdges 2000 and maxTextSize 200000.

Example: hearthline flow diagram my-line > my-line.svg`
}

func (flowSchemaCommand) Help() string {
	return `An editor that knows it completes as you type, and marks what it does not know.

Example: hearthline flow schema > flow.schema.json`
}

func (flowDraftCommand) Help() string {
	return `Testers are the numbers of hearthline flow tester; everybody else hears what they heard before.

Example: hearthline flow draft my-line`
}

func (flowPublishCommand) Help() string {
	return `Calls that go on end on what they began with. hearthline flow rollback takes it back.

Example: hearthline flow publish my-line`
}

func (flowScriptCommand) Help() string {
	return `Its numbers are those that the line asks for: call it, choose the language, press 7 and sign in, then 7 again.

Example: hearthline flow script --lang ht > sheet.txt`
}

func (flowAudioImportCommand) Help() string {
	return `An owner approves each at the desk before it is heard.

Example: hearthline flow audio import recordings --dry-run`
}
