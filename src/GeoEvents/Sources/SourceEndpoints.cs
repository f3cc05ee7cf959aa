using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Sources;

/// <summary>Registers a source.</summary>
public sealed class RegisterSource(Call call, SourceDraft draft) : Decision(call)
{
    private Source? known;

    public override IReadOnlyCollection<StreamKey> Streams { get; } =
        [StreamKey.Source(draft.Id), .. draft.Affiliation is { } actor ? [StreamKey.Actor(actor)] : Array.Empty<StreamKey>()];

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        SourceRules.CheckNamed(draft.Affiliation, record);
        known = record.FindSource(draft.Id);
        return SourceRules.Register(draft, known, "") is { } fact ? [new Facts(StreamKey.Source(draft.Id), [fact])] : [];
    }

    public override Answer Answer(Recorded recorded) => known is null
        ? SourceRules.Answer(StatusCodes.Status201Created, Call.Workspace, (Source)recorded.Facts[^1].State)
        : SourceRules.Answer(StatusCodes.Status200OK, Call.Workspace, known);
}

/// <param name="Reliability">From now on; null leaves it.</param>
/// <param name="Group">From now on; null leaves it.</param>
/// <param name="Affiliation">From now on; null leaves it.</param>
/// <param name="Unaffiliated">True: it is nobody's media from now on.</param>
public sealed record SourceGrade(
    string Reason = "", Reliability? Reliability = null, string? Group = null, ActorCode? Affiliation = null, bool Unaffiliated = false)
{
    public IEnumerable<FieldProblem> Check(string source) =>
    [
        .. Reasons.Check(Reason),
        .. SourceRules.Check(new SourceDraft(source, Group: Group), ""),
        .. Unaffiliated && Affiliation is not null ? [FieldProblem.At("/unaffiliated", "contradiction", "It is somebody's media or nobody's.")] : Array.Empty<FieldProblem>(),
    ];
}

/// <summary>Grades a source anew. Reports attached before keep their grade until they are regraded.</summary>
public sealed class RegradeSource(Call call, string id, SourceGrade draft) : Decision(call)
{
    private Source? unchanged;

    public override IReadOnlyCollection<StreamKey> Streams { get; } =
        [StreamKey.Source(id), .. draft.Affiliation is { } actor ? [StreamKey.Actor(actor)] : Array.Empty<StreamKey>()];

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        var source = record.Source(id);
        Call.RefuseUnlessAt(source.Version, "source");
        SourceRules.CheckNamed(draft.Affiliation, record);
        var affiliation = draft.Unaffiliated ? null : draft.Affiliation ?? source.Affiliation;
        var events = source.Regrade(draft.Reliability ?? source.Reliability, draft.Group ?? source.Group, affiliation, draft.Reason).ToList<object>();
        unchanged = events.Count == 0 ? source : null;
        return events.Count == 0 ? [] : [new Facts(StreamKey.Source(id), events)];
    }

    public override Answer Answer(Recorded recorded) =>
        SourceRules.Answer(StatusCodes.Status200OK, Call.Workspace, unchanged ?? (Source)recorded.Facts[^1].State);
}

/// <summary>What regrading the reports of a source did.</summary>
/// <param name="Regraded">How many incidents took over its present grade.</param>
public sealed record SourceRegrading(int Regraded);

/// <summary>The addresses of sources.</summary>
public static class SourceEndpoints
{
    public static void MapSources(this RouteGroupBuilder workspace)
    {
        var sources = workspace.MapGroup("/sources").WithTags("data");

        sources.MapGet("", async (string workspace, [AsParameters] AsOfQuery at, RegistryReader registry, AsOfReader asOf, CancellationToken cancel) =>
            {
                var point = await asOf.Read(workspace, at, cancel);
                return Results.Json(new ItemList<Source>(await registry.Sources(workspace, point.Known.Position, cancel), Shown: point.Shown), GeoJson.Options);
            })
            .Says("List sources", "As known at a point of the record.")
            .Produces<ItemList<Source>>();

        sources.MapGet("/{id}", async (string workspace, string id, [AsParameters] AsOfQuery at, RegistryReader registry, AsOfReader asOf, HttpContext http, CancellationToken cancel) =>
            {
                var point = await asOf.Read(workspace, at, cancel);
                var all = await registry.Sources(workspace, point.Known.Position, cancel);
                var source = all.FirstOrDefault(s => s.Id == id) ?? throw RefusedException.NotFound("source", id);
                http.Response.Headers.ETag = $"\"{source.Version}\"";
                return Results.Json(new SourceView(source, point.Shown), GeoJson.Options);
            })
            .Says("Read a source", "As known at a point of the record.")
            .Produces<SourceView>();

        sources.MapPost("", async (HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<SourceDraft>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(SourceRules.Check(draft, ""));
                return await recorder.RecordAndAnswer(new RegisterSource(Call.Of(http, bytes), draft), http);
            })
            .Takes<SourceDraft>("Register a source", "The same again is answered 200; the id with another description is refused (409).")
            .Produces<Source>(201).Produces<Source>();

        sources.MapPost("/{id}/grade", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<SourceGrade>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(draft.Check(id));
                return await recorder.RecordAndAnswer(new RegradeSource(Call.Of(http, bytes), id, draft), http);
            })
            .Takes<SourceGrade>("Grade a source anew", "Counts for reports attached from now on; for older ones by regrading their incidents.")
            .NeedsIfMatch()
            .Produces<Source>();

        sources.MapPost("/{id}/regrading", async (string workspace, string id, HttpContext http, Recorder recorder, RegistryReader registry, NpgsqlDataSource database, IncidentReader incidents, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                call = call with { IfMatch = null, Idempotency = null };
                if ((await registry.Sources(workspace, long.MaxValue, cancel)).All(s => s.Id != id))
                {
                    throw RefusedException.NotFound("source", id);
                }

                var regraded = 0;
                foreach (var incident in await IncidentsOf(workspace, id, database, incidents, cancel))
                {
                    var outcome = await recorder.Record(new RegradeReports(call, incident.Content.Id, [id], draft), CancellationToken.None);
                    regraded += outcome.Recorded!.Facts.Count > 0 ? 1 : 0;
                }

                return Results.Json(new SourceRegrading(regraded), GeoJson.Options);
            })
            .Takes<ReasonDraft>("Regrade a source's reports", "Every incident with a report of the source takes over its present grade, each as a fact of its own.")
            .Produces<SourceRegrading>();
    }

    private static async Task<IReadOnlyCollection<Incident>> IncidentsOf(
        string workspace, string source, NpgsqlDataSource database, IncidentReader incidents, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"select incident from geo.ledger where workspace = $1 and sources @> $2 and until = {long.MaxValue} and not retracted and link = 0");
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = new[] { source } });
        var streams = new List<Guid>();
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                streams.Add(reader.GetGuid(0));
            }
        }

        return [.. (await incidents.Load(workspace, streams, long.MaxValue, cancel)).Values];
    }
}
