using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Actors;

/// <summary>Registers an actor that is not a state.</summary>
public sealed class RegisterActor(Call call, ActorDraft draft) : Decision(call)
{
    private bool known;

    public override IReadOnlyCollection<StreamKey> Streams { get; } =
        [StreamKey.Actor(draft.Code), .. Named(draft.Members, draft.Affiliation).Select(StreamKey.Actor)];

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        ActorRules.CheckNamed(draft.Members ?? [], draft.Affiliation, record);
        var facts = ActorRules.Register(draft, record.FindActor(draft.Code), "") is { } fact ? [new Facts(StreamKey.Actor(draft.Code), [fact])] : Array.Empty<Facts>();
        known = facts.Length == 0;
        return facts;
    }

    public override Answer Answer(Recorded recorded) =>
        ActorRules.Answer(known ? StatusCodes.Status200OK : StatusCodes.Status201Created, Call.Workspace, known ? Actor.After(null, ActorRules.Fact(draft)) : (Actor)recorded.Facts[^1].State);

    internal static IEnumerable<ActorCode> Named(IReadOnlyList<Membership>? members, ActorCode? affiliation) =>
        (members ?? []).Select(m => m.Actor).Concat(affiliation is { } a ? [a] : []).Distinct();
}

/// <param name="Members">All of them, as they are to be from now on.</param>
public sealed record ActorAmendment(string Reason = "", string? Name = null, IReadOnlyList<Membership>? Members = null, ActorCode? Affiliation = null);

/// <summary>Changes an actor's name, members or affiliation from now on.</summary>
public sealed class AmendActor(Call call, ActorCode code, ActorAmendment draft) : Decision(call)
{
    private Actor? unchanged;

    public override IReadOnlyCollection<StreamKey> Streams { get; } =
        [StreamKey.Actor(code), .. RegisterActor.Named(draft.Members, draft.Affiliation).Select(StreamKey.Actor)];

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        var actor = record.Actor(code);
        if (actor.Kind == ActorKind.State)
        {
            throw new RefusedException("actor-reserved", "States are those of ISO 3166-1, and the same in every workspace.");
        }

        Call.RefuseUnlessAt(actor.Version, "actor");
        InvalidRequestException.ThrowIfAny(ActorRules.Check(new ActorDraft { Code = code, Name = draft.Name ?? actor.Name, Kind = actor.Kind, Members = draft.Members, Affiliation = draft.Affiliation }, ""));
        ActorRules.CheckNamed(draft.Members ?? [], draft.Affiliation, record);
        var events = actor.Amend(draft.Name ?? actor.Name, draft.Members ?? [], draft.Affiliation, draft.Reason).ToList<object>();
        unchanged = events.Count == 0 ? actor : null;
        return events.Count == 0 ? [] : [new Facts(StreamKey.Actor(code), events)];
    }

    public override Answer Answer(Recorded recorded) =>
        ActorRules.Answer(StatusCodes.Status200OK, Call.Workspace, unchanged ?? (Actor)recorded.Facts[^1].State);
}

/// <summary>The addresses of actors.</summary>
public static class ActorEndpoints
{
    public static void MapActors(this RouteGroupBuilder workspace)
    {
        var actors = workspace.MapGroup("/actors").WithTags("data");

        actors.MapGet("", async (string workspace, string? kind, [AsParameters] AsOfQuery at, RegistryReader registry, AsOfReader asOf, CancellationToken cancel) =>
            {
                ActorKind? of = kind is null
                    ? null
                    : KebabCaseEnumConverter.TryParse<ActorKind>(kind, out var k) ? k : throw new InvalidRequestException(FieldProblem.In("kind", "malformed", "Not a kind of actor."));
                var point = await asOf.Read(workspace, at, cancel);
                var all = await registry.Actors(workspace, point.Known.Position, cancel);
                return Results.Json(new ItemList<Actor>([.. all.Where(a => of is null || a.Kind == of)], Shown: point.Shown), GeoJson.Options);
            })
            .Says("List actors", "The states of ISO 3166-1 and the actors registered in the workspace, as known at a point of the record.")
            .Produces<ItemList<Actor>>();

        actors.MapGet("/{code}", async (string workspace, string code, [AsParameters] AsOfQuery at, RegistryReader registry, AsOfReader asOf, HttpContext http, CancellationToken cancel) =>
            {
                var point = await asOf.Read(workspace, at, cancel);
                var actor = ActorCode.TryParse(code, out var parsed) ? await registry.FindActor(workspace, parsed, point.Known.Position, cancel) : null;
                http.Response.Headers.ETag = $"\"{(actor ?? throw RefusedException.NotFound("actor", code)).Version}\"";
                return Results.Json(new ActorView(actor, point.Shown), GeoJson.Options);
            })
            .Says("Read an actor", "As known at a point of the record.")
            .Produces<ActorView>();

        actors.MapPost("", async (HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<ActorDraft>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(ActorRules.Check(draft, ""));
                return await recorder.RecordAndAnswer(new RegisterActor(Call.Of(http, bytes), draft), http);
            })
            .Takes<ActorDraft>("Register an actor", "One that is not a state. The same again is answered 200; the code with another description is refused (409).")
            .Produces<Actor>(201).Produces<Actor>();

        actors.MapPost("/{code}/amendments", async (string code, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<ActorAmendment>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(Reasons.Check(draft.Reason));
                return ActorCode.TryParse(code, out var actor)
                    ? await recorder.RecordAndAnswer(new AmendActor(Call.Of(http, bytes), actor, draft), http)
                    : throw RefusedException.NotFound("actor", code);
            })
            .Takes<ActorAmendment>("Amend an actor", "Name, members and affiliation from now on; what was known before stays readable.")
            .NeedsIfMatch()
            .Produces<Actor>();
    }
}
