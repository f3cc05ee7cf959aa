using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Alerts;

/// <summary>The addresses of silences.</summary>
public static class SilenceEndpoints
{
    public static void MapSilences(this RouteGroupBuilder workspace)
    {
        var silences = workspace.MapGroup("/silences").WithTags("alerts");

        silences.MapGet("", async (
                string workspace, string? active, string? dyad, string? rule, [AsParameters] AsOfQuery at, string? limit, string? after,
                StateReader states, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await WholeLists.Start(asOfReader, workspace, at, after, cancel);
                var (pair, wanted) = (WholeLists.DyadOf(dyad), Flags.Read("active", active));
                var found = from silence in (await states.All<SilenceState, SilenceEvent>(workspace, asOf.Known.Position, cancel)).Reverse()
                            let view = SilenceView.Of(silence, asOf.Valid)
                            where (wanted is null || wanted == view.Active)
                                && (pair is not { } of || view.Dyads.Count == 0 || view.Dyads.Contains(of))
                                && (rule is null || view.Rules.Count == 0 || view.Rules.Contains(rule))
                            select view;
                return WholeLists.Of([.. found], asOf, skip, PageSize.Read(limit)).Answer(http);
            })
            .Says("List silences", "The last set first. `active` (true or false) is at V; `dyad` and `rule` are what it covers.")
            .Produces<Page<SilenceView>>();

        silences.MapGet("/{id}", async (
                string workspace, string id, [AsParameters] AsOfQuery at, StateReader states, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var asOf = await asOfReader.Read(workspace, at, cancel);
                var silence = await states.Find<SilenceState>(workspace, StreamKey.Silence(id), asOf.Known.Position, cancel) ?? throw RefusedException.NotFound("silence", id);
                http.Response.Headers.ETag = $"\"{silence.Version}\"";
                return Results.Json(SilenceView.Of(silence, asOf.Valid), GeoJson.Options);
            })
            .Says("Read a silence", "What it covers, until when, and whether it is active at V.")
            .Produces<SilenceView>();

        silences.MapPost("", async (HttpContext http, Recorder recorder, TimeProvider clock, CancellationToken cancel) =>
            {
                var (given, bytes) = await Body.Read<SilenceDraft>(http.Request, cancel);
                var draft = given.Id.Length > 0 ? given : given with { Id = Guid.CreateVersion7(clock.GetUtcNow()).ToString() };
                InvalidRequestException.ThrowIfAny(draft.Check());
                return await recorder.RecordAndAnswer(new SetSilence(Call.Of(http, bytes), draft), http);
            })
            .Takes<SilenceDraft>("Set a silence", "Keeps alerts from going out for a time: of some relationships, by some rules, or all. They fire and are on record all the same. The same again is answered 200.")
            .Produces<SilenceView>(201).Produces<SilenceView>();

        silences.MapPost("/{id}/lift", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                return await recorder.RecordAndAnswer(new LiftSilence(call, id, draft), http);
            })
            .Takes<ReasonDraft>("Lift a silence", "It ends before its time. One that is over already stays as it is.")
            .Produces<SilenceView>();
    }
}
