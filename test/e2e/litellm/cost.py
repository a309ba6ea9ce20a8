"""LiteLLM's own arithmetic, offline: first its map of prices as one line of JSON, then a line for each line that comes in."""

import contextlib
import json
import sys

import litellm


def cost_of(request):
    with contextlib.redirect_stdout(sys.stderr):
        prompt, completion = litellm.cost_per_token(
            model=request["model"],
            custom_llm_provider=request["provider"],
            prompt_tokens=request["inputTokens"],
            completion_tokens=request["outputTokens"],
            cache_read_input_tokens=request["cacheReadTokens"],
        )
    return {"prompt": prompt, "completion": completion}


print(json.dumps(litellm.model_cost), flush=True)
for line in sys.stdin:
    try:
        answer = cost_of(json.loads(line))
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
