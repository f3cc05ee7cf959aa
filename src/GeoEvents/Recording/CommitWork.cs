using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Recording;

/// <summary>A fact that was decided and is about to be recorded.</summary>
/// <param name="Id">Of the event in the store.</param>
/// <param name="Sequence">Number of the event in the store, over all workspaces.</param>
/// <param name="Position">Number of the fact in its workspace: 1, 2, 3 … without gaps.</param>
/// <param name="StreamId">Of its own stream in the store, whether it stands there or not.</param>
/// <param name="Version">How many facts <paramref name="Stream"/> has with it.</param>
/// <param name="OwnVersion">How many of them stand in its own stream in the store.</param>
/// <param name="Shared">Id of the stream in the store that it shares with others; null if it stands in its own.</param>
/// <param name="Data">The fact as it is stored.</param>
/// <param name="State">Of its stream right after it.</param>
public sealed record DecidedFact(
    Guid Id,
    long Sequence,
    long Position,
    DateTimeOffset RecordedAt,
    string? User,
    string Workspace,
    StreamKey Stream,
    Guid StreamId,
    long Version,
    long OwnVersion,
    Guid? Shared,
    object Fact,
    byte[] Data,
    object State);

/// <summary>What a commit has read, kept up to date while its decisions are made one after the other.</summary>
/// <param name="sequence">The last number that was drawn in the store, by whomever.</param>
/// <param name="ids">Of streams in the store, as far as they were worked out already.</param>
public sealed class CommitWork(long sequence, DateTimeOffset recordedAt, IReadOnlyDictionary<(string Workspace, StreamKey Stream), Guid> ids)
{
    private readonly Dictionary<string, Dictionary<StreamKey, object>> states = [];
    private readonly Dictionary<(string Workspace, StreamKey Stream), (long Facts, long Own)> versions = [];
    private readonly Dictionary<string, long> positions = [];

    public DateTimeOffset RecordedAt { get; } = recordedAt;

    /// <summary>The last number in the store, counting those of the facts decided so far.</summary>
    public long Sequence { get; private set; } = sequence;

    /// <summary>Where the log of each workspace ended before this commit.</summary>
    public Dictionary<string, LogHead> Heads { get; } = [];

    public Dictionary<(string Workspace, string Key), (string Fingerprint, Answer? Answer)> Answers { get; } = [];

    public LogHead HeadOf(string workspace) => Heads.GetValueOrDefault(workspace, LogHead.Empty);

    /// <param name="own">Whether the fact stands in the stream's own stream in the store.</param>
    public object Apply(string workspace, StreamKey stream, object fact, DateTimeOffset at, long position, bool own)
    {
        var ofWorkspace = StatesOf(workspace);
        var (facts, ofOwn) = versions.GetValueOrDefault((workspace, stream));
        versions[(workspace, stream)] = (facts + 1, ofOwn + (own ? 1 : 0));
        return ofWorkspace[stream] = RecordView.After(ofWorkspace.GetValueOrDefault(stream), fact, at, position);
    }

    /// <summary>The stored answer of an earlier request, or the refusal of a key used otherwise; null if it is a new one.</summary>
    public Result? Repeated(Decision decision)
    {
        if (decision.Call.Idempotency is not { } idempotency || !Answers.TryGetValue((decision.Call.Workspace, idempotency.Key), out var earlier))
        {
            if (decision.Call.Idempotency is not null)
            {
                Answers[(decision.Call.Workspace, decision.Call.Idempotency.Key)] = (decision.Call.Idempotency.Fingerprint, null);
            }

            return null;
        }

        return (earlier.Fingerprint == idempotency.Fingerprint, earlier.Answer) switch
        {
            (false, _) => new Result(null, RefusedException.KeyReused()),
            (true, null) => new Result(null, new RefusedException(
                "idempotency-key-in-use", "A request with this Idempotency-Key is under way. Repeat it in a moment.")),
            (true, { } answer) => new Result(new Outcome(null, answer, Repeated: true), null),
        };
    }

    /// <remarks>Decisions of one workspace have to follow one another, so that its positions and the numbers in the store go up together.</remarks>
    public List<DecidedFact> Decide(Decision decision)
    {
        var workspace = decision.Call.Workspace;
        var shared = decision.SharedStream?.In(workspace);
        var facts = decision.Decide(new RecordView(StatesOf(workspace)), RecordedAt);
        var eventIds = EventIds.At(RecordedAt, facts.Sum(f => f.Events.Count));
        var decided = new List<DecidedFact>(eventIds.Length);
        foreach (var (stream, events) in facts)
        {
            var streamId = ids.TryGetValue((workspace, stream), out var named) ? named : stream.In(workspace);
            foreach (var fact in events)
            {
                var sharing = fact is IncidentLogged ? shared : null;
                var position = positions[workspace] = positions.GetValueOrDefault(workspace, HeadOf(workspace).At.Position) + 1;
                var state = Apply(workspace, stream, fact, RecordedAt, position, own: sharing is null);
                var (version, own) = versions[(workspace, stream)];
                decided.Add(new DecidedFact(
                    eventIds[decided.Count],
                    ++Sequence,
                    position,
                    RecordedAt,
                    decision.Call.User,
                    workspace,
                    stream,
                    streamId,
                    version,
                    own,
                    sharing,
                    fact,
                    EventTables.Data(fact),
                    state));
            }
        }

        return decided;
    }

    private Dictionary<StreamKey, object> StatesOf(string workspace) =>
        states.TryGetValue(workspace, out var found) ? found : states[workspace] = [];
}
