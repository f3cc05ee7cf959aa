using System.Text.Json;
using GeoEvents.Hosting;

namespace GeoEvents.Recording;

/// <summary>Makes answers, and turns what became of a decision into the HTTP answer.</summary>
public static class Answers
{
    /// <summary>Says that the answer is the stored one of an earlier request with the same Idempotency-Key.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>A view of what a stream adds up to; the stream's version is the ETag.</summary>
    public static Answer Of<TView>(int status, string location, long version, TView view) =>
        new(status, location, $"\"{version}\"", JsonSerializer.Serialize(view, GeoJson.Options));

    public static async Task<IResult> RecordAndAnswer(this Recorder recorder, Decision decision, HttpContext http)
    {
        // Once handed in, a decision is carried through even if the client hangs up: it can learn the outcome by repeating its request.
        var outcome = await recorder.Record(decision, CancellationToken.None);
        await decision.Besides.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var answer = outcome.Answer ?? decision.Answer(outcome.Recorded!) ?? throw new InvalidOperationException($"{decision.GetType().Name} gives no answer.");
        if (outcome.Repeated)
        {
            http.Response.Headers[ReplayedHeader] = "true";
        }

        if (answer.Location is { } location)
        {
            http.Response.Headers.Location = location;
        }

        if (answer.ETag is { } etag)
        {
            http.Response.Headers.ETag = etag;
        }

        return Results.Content(answer.Json, "application/json; charset=utf-8", statusCode: answer.Status);
    }
}
