package appguard.cases.runtime_elevated

import data.appguard.shared.example

fires["more memory"] := {
	"input": app({"memory_mb": 1024}),
	"at": ["runtime.memory_mb"],
}

fires["more time"] := {
	"input": app({"timeout_seconds": 31}),
	"at": ["runtime.timeout_seconds"],
}

fires["more parallel calls"] := {
	"input": app({"concurrency": 21}),
	"at": ["runtime.concurrency"],
}

silent["the usual limits"] := app({"memory_mb": 512, "timeout_seconds": 30, "concurrency": 20})

app(limits) := example.runtime(limits)
