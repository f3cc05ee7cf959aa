using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Relationships.Counterfactual;

[JsonConverter(typeof(KebabCaseEnumConverter<ChangeKind>))]
public enum ChangeKind { Drop, Move, Recode, Reattribute, Add }

/// <summary>One thing that is supposed of one incident.</summary>
/// <param name="At">JSON pointer of the change within what it came in.</param>
/// <param name="IdAt">JSON pointer of the incident's id in it.</param>
public abstract record OverlayChange(ChangeKind Kind, string Id, string At, string IdAt)
{
    /// <summary>One after another, in the order in which they are applied: an incident that is added is last.</summary>
    /// <param name="origin">Of the names of incidents that are added without one.</param>
    public static IEnumerable<OverlayChange> All(OverlayChanges changes, string origin, string at) =>
    [
        .. (changes.Drop ?? []).Select((id, i) => new DropChange(id, $"{at}/drop/{i}")),
        .. (changes.Move ?? []).Select((move, i) => new CorrectionChange(
            ChangeKind.Move, move.Id, $"{at}/move/{i}", ["occurred", "zone"], c => c with { Occurred = move.Occurred, Zone = move.Zone ?? c.Zone })),
        .. (changes.Recode ?? []).Select((recode, i) => new CorrectionChange(
            ChangeKind.Recode, recode.Id, $"{at}/recode/{i}", ["type", "cameo"], c => c with { Type = recode.Type, Cameo = recode.Cameo })),
        .. (changes.Reattribute ?? []).Select((other, i) => new CorrectionChange(
            ChangeKind.Reattribute, other.Id, $"{at}/reattribute/{i}", ["links"], c => c with { Links = other.Links ?? [] })),
        .. (changes.Add ?? []).Select((draft, i) => new AddChange(draft, draft.Id.Length > 0 ? draft.Id : $"{origin}:{i + 1}", $"{at}/add/{i}")),
    ];
}

public sealed record DropChange(string Id, string At) : OverlayChange(ChangeKind.Drop, Id, At, At);

/// <param name="Fields">The fields that it may change, under their JSON names.</param>
/// <param name="Of">The content as it is supposed to be.</param>
public sealed record CorrectionChange(ChangeKind Kind, string Id, string At, IReadOnlyList<string> Fields, Func<IncidentContent, IncidentContent> Of)
    : OverlayChange(Kind, Id, At, $"{At}/id");

public sealed record AddChange(IncidentDraft Draft, string Id, string At) : OverlayChange(ChangeKind.Add, Id, At, $"{At}/id");
