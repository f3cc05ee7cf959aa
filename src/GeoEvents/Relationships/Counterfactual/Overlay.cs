using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Relationships.Counterfactual;

/// <summary>Changes that are applied together.</summary>
/// <param name="At">When all of it is supposed to be recorded: of a stored overlay when it was put, so that it means the same whenever it is used.</param>
/// <param name="Overlay">Name of the stored overlay that they are of; null if a request brings them.</param>
public sealed record Layer(OverlayChanges Changes, DateTimeOffset At, string? Overlay = null);

/// <summary>A change as it was applied.</summary>
/// <param name="Overlay">Name of the stored overlay that it is of; null if the request brought it.</param>
/// <param name="Real">The incident on record; null for one that is added.</param>
/// <param name="Alone">The incident if nothing else is supposed; null for one that is dropped.</param>
public sealed record AppliedChange(OverlayChange Change, string? Overlay, Incident? Real, Incident? Alone);

/// <summary>What an overlay makes of an incident.</summary>
public enum Supposition { AsOnRecord, Changed, Added }

/// <param name="Mark">Whether it is the record's, or only supposed.</param>
public sealed record SupposedIncident(Incident Incident, Supposition Mark);

/// <summary>A record as an overlay supposes it.</summary>
/// <param name="States">By id: every incident that is supposed to be otherwise than on record; null for one that is dropped.</param>
/// <param name="Registered">Sources and actors that added incidents bring along.</param>
public sealed record SupposedRecord(
    IReadOnlyList<AppliedChange> Changes, IReadOnlyDictionary<string, Incident?> States, IReadOnlyDictionary<StreamKey, object> Registered)
{
    public IEnumerable<SupposedIncident> Added => Changes.Where(c => c.Change.Kind == ChangeKind.Add).Select(c => new SupposedIncident(c.Alone!, Supposition.Added));

    /// <summary>An incident of the record as it is supposed to be; null if it is dropped.</summary>
    /// <param name="onRecord">As known at the position for which the overlay was applied.</param>
    public SupposedIncident? Of(Incident onRecord) => States.TryGetValue(onRecord.Content.Id, out var state)
        ? state is null ? null : new SupposedIncident(state, Supposition.Changed)
        : new SupposedIncident(onRecord, Supposition.AsOnRecord);

    /// <summary>Incidents of the record as they are supposed to be: what is dropped is left out, what is added comes last.</summary>
    public IEnumerable<SupposedIncident> Over(IEnumerable<Incident> onRecord) => onRecord.Select(Of).OfType<SupposedIncident>().Concat(Added);
}

/// <summary>Applies changes to a record as it is known at a position, one layer after another, by the rules of logging and correcting. Nothing is recorded.</summary>
/// <remarks>Pure: the same changes of the same record give the same. One of it is for one application.</remarks>
/// <param name="known">The position.</param>
/// <param name="onRecord">By id: the incidents that the layers name, as far as they are on record.</param>
/// <param name="registry">Sources and actors on record.</param>
public sealed class Overlay(
    long known, IReadOnlyDictionary<string, Incident> onRecord, IReadOnlyDictionary<StreamKey, object> registry, Method method)
{
    private const string Reason = "supposed";

    private readonly Dictionary<StreamKey, object> registered = new(registry);
    private readonly Dictionary<string, Incident?> states = [];
    private readonly List<FieldProblem> problems = [];

    /// <exception cref="InvalidRequestException">Changes are no changes by themselves, or not of this record; every fault is named.</exception>
    /// <exception cref="RefusedException">A source or actor that an added incident brings along is on record otherwise.</exception>
    public SupposedRecord Apply(IReadOnlyList<Layer> layers)
    {
        var applied = new List<AppliedChange>();
        foreach (var layer in layers)
        {
            var before = problems.Count;
            problems.AddRange(OverlayRules.Check(layer.Changes, method, layer.At));
            if (problems.Count == before)
            {
                applied.AddRange(OverlayRules.Changes(layer.Changes, layer.Overlay).Select(c => Apply(c, layer)).OfType<AppliedChange>());
            }

            if (layer.Overlay is { } name)
            {
                for (var i = before; i < problems.Count; i++)
                {
                    problems[i] = FieldProblem.At("/overlay", problems[i].Code, $"Overlay '{name}' at {problems[i].Pointer}: {problems[i].Detail}");
                }
            }
        }

        InvalidRequestException.ThrowIfAny(problems);
        return new SupposedRecord(applied, states, registered.Where(r => !registry.ContainsKey(r.Key)).ToDictionary());
    }

    /// <returns>Null if it cannot be; then the fault is noted.</returns>
    private AppliedChange? Apply(OverlayChange change, Layer layer)
    {
        var faults = problems.Count;
        if (change is AddChange add)
        {
            var added = Added(add, layer.At);
            return problems.Count > faults ? null : new AppliedChange(change, layer.Overlay, null, states[change.Id] = added);
        }

        if (!onRecord.TryGetValue(change.Id, out var real))
        {
            problems.Add(FieldProblem.At(change.IdAt, "unknown-incident", $"There is no incident '{change.Id}' on record at position {known}."));
            return null;
        }

        if (real.Standing != Standing.OnRecord)
        {
            problems.Add(FieldProblem.At(change.IdAt, "incident-retracted", $"Incident '{change.Id}' was retracted, merged or split, so it does not count anyway."));
            return null;
        }

        var supposed = states.GetValueOrDefault(change.Id, real);
        if (supposed is null)
        {
            problems.Add(FieldProblem.At(change.IdAt, "contradiction", $"Incident '{change.Id}' is dropped by the overlay."));
            return null;
        }

        if (change is not CorrectionChange correction)
        {
            states[change.Id] = null;
            return new AppliedChange(change, layer.Overlay, real, null);
        }

        states[change.Id] = Corrected(supposed, correction, layer.At);
        Note(() => References.Check(
            states[change.Id]!.Content, [], new RecordView(registered), new Registrations(), change.At, References.Actors(real.Content).ToHashSet()));
        return problems.Count > faults ? null : new AppliedChange(change, layer.Overlay, real, Corrected(real, correction, layer.At));
    }

    private Incident Corrected(Incident incident, CorrectionChange change, DateTimeOffset at) =>
        incident.Correct(change.Of(incident.Content), Reason).Aggregate(incident, (state, fact) => Incident.After(state, fact, at, known));

    private Incident? Added(AddChange change, DateTimeOffset at)
    {
        if (onRecord.ContainsKey(change.Id) || states.ContainsKey(change.Id))
        {
            problems.Add(FieldProblem.At(change.IdAt, "incident-exists", $"Incident '{change.Id}' is there already. Change it, or choose another id."));
            return null;
        }

        var (content, draft, record) = (change.Draft.Named(change.Id), change.Draft, new RecordView(registered));
        var register = draft.Register ?? new Registrations();
        var faults = problems.Count;
        Note(() => register.CheckNamed(record, $"{change.At}/register"));
        Note(() => References.Check(content, draft.Reports, record, register, change.At));
        if (problems.Count > faults)
        {
            return null;
        }

        // What comes along is known to what is added after it, as if one had been logged after the other.
        foreach (var (stream, events) in register.Decide(record, $"{change.At}/register").ToList())
        {
            registered[stream] = events.Aggregate(registered.GetValueOrDefault(stream), (state, fact) => RecordView.After(state, fact, at, known))!;
        }

        return draft.Begin(content, IncidentFields.Digest(content, draft.Reports, draft.Grade), source => References.Source(source, record, register))
            .Aggregate((Incident?)null, (state, fact) => Incident.After(state, fact, at, known));
    }

    private void Note(Action check)
    {
        try
        {
            check();
        }
        catch (InvalidRequestException e)
        {
            problems.AddRange(e.Problems);
        }
    }
}
