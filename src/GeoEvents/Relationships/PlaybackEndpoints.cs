using GeoEvents.Hosting;
using Microsoft.Net.Http.Headers;

namespace GeoEvents.Relationships;

/// <summary>The address of playback.</summary>
public static class PlaybackEndpoints
{
    private const string NdJson = "application/x-ndjson";

    public static void MapPlayback(this RouteGroupBuilder workspace) =>
        workspace.MapGet("/relationships/{dyad}/replay", async (
                string workspace, string dyad, string? clock, string? from, string? to, string? after, [AsParameters] AsOfQuery at, string? pace,
                PlaybackReader reader, PlaybackRequestReader requests, PlaybackWriter writer, IHostApplicationLifetime lifetime, HttpContext http, CancellationToken cancel) =>
            {
                var format = http.Request.Prefers(Accepting.EventStream, NdJson) ? PlaybackFormat.EventStream : PlaybackFormat.NdJson;
                var request = await requests.Read(
                    workspace,
                    new PlaybackParameters(clock, from, to, after, http.Request.Headers["Last-Event-ID"].ToString(), at, pace),
                    cancel);
                using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
                var pair = WholeLists.DyadNamed(dyad);
                var steps = request.Clock == PlaybackClock.Known
                    ? reader.AsRecorded(workspace, pair, request.Stretches, stopping.Token)
                    : reader.AsHappened(workspace, pair, request.AsOf, request.After, request.From, stopping.Token);
                http.Response.Headers[Endpoints.ShownHeader] = request.Shown;
                http.Response.ContentType = format == PlaybackFormat.EventStream ? Accepting.EventStream : NdJson;
                http.Response.Headers.CacheControl = "no-cache";
                http.Response.Headers.Vary = HeaderNames.Accept;
                try
                {
                    await writer.Write(http.Response.BodyWriter, format, steps, request.IdOf, request.Pace, stopping.Token);
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested)
                {
                    // The client went away, or the service stops; a playback that was broken off has no end, and goes on with `after`.
                }
            })
            .WithTags("relationships")
            .Says(
                "Play a relationship back",
                """
                A stream of steps, each with the relationship just before and just after it. `clock=known`, unless said otherwise, is every fact that touches the
                relationship in the order of the log, when it was recorded and by the method that was current then, unless `method` names one: the relationship as
                its readers saw it. `clock=occurred` is every incident known at `knownAsOf` in the order it happened, with hindsight, by one method. At once, or with `pace`, which is how many seconds of the record's own time pass in a second;
                no pause is longer than 5 s. `from` and `to` are log positions, or dates, which mean times of recording; with `clock=occurred` they are dates of τ.
                To pause, close the stream; to go on, ask again with `after`, the last `step` you have; to seek, ask again with another `from`.
                With `clock=occurred` give the steps' `knownAsOf` as well, since a step is a number in the story as known then; the id of an event has both.
                Lines of JSON, the last of which has `end`; or, if `Accept` asks for `text/event-stream`, events `step` whose id is the step, `heartbeat` every 15 s
                of pausing, and `end`, upon which the client closes; `Last-Event-ID` goes before `after`. A stream without an end was broken off.
                """)
            .Produces<PlaybackStep>(200, NdJson, Accepting.EventStream);
}
