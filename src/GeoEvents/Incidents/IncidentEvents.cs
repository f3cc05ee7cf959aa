using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Incidents;

/// <summary>A fact in the stream of one incident.</summary>
/// <remarks>
/// Every fact carries the dyads that it touches, so that no reader of the log has to look one up. When it was recorded and by whom
/// is the event's own timestamp and user. Type and property names are the stored format; <c>EventCatalogueTests</c> fails when one changes.
/// </remarks>
public abstract record IncidentEvent;

/// <summary>An incident was put on the record.</summary>
/// <param name="Digest">Of <paramref name="Content"/> and reports as given; tells the same incident sent again from another under the same id.</param>
/// <param name="Import">Id of the import that brought it; null if an analyst or program logged it.</param>
/// <param name="PartOf">Id of the incident that was split into it and others; null if it was logged by itself.</param>
public sealed record IncidentLogged(
    IncidentContent Content, [property: KeepEmpty] IReadOnlyList<Report> Reports, string Digest, string? Import = null, string? PartOf = null) : IncidentEvent;

/// <summary>One field as it was and as it is now; null where it had or has no value.</summary>
public sealed record FieldChange(string Field, JsonElement? Old, JsonElement? New);

/// <summary>Named fields were wrong.</summary>
/// <param name="Dyads">Before and after the correction.</param>
/// <param name="Digest">Of the row that upstream changed; null if an analyst corrected.</param>
public sealed record IncidentCorrected(
    [property: KeepEmpty] IReadOnlyList<FieldChange> Changes,
    string Reason,
    IReadOnlyList<Dyad> Dyads,
    string? Import = null,
    string? Digest = null) : IncidentEvent;

/// <summary>The record was wrong: it did not happen, or not as an incident.</summary>
public sealed record IncidentRetracted(string Reason, IReadOnlyList<Dyad> Dyads) : IncidentEvent;

/// <summary>The retraction was wrong.</summary>
public sealed record IncidentReinstated(string Reason, IReadOnlyList<Dyad> Dyads) : IncidentEvent;

/// <summary>It is the same as another, which goes on for both. It counts no more; its links and content stay as they are.</summary>
/// <param name="Into">Id of the one that goes on.</param>
public sealed record IncidentMerged(string Into, string Reason, IReadOnlyList<Dyad> Dyads) : IncidentEvent;

/// <summary>Another was the same; what its sources say counts here from now on.</summary>
/// <param name="From">Id of the one that counts no more.</param>
/// <param name="Reports">As they are reports of this one: named after the other, so that they can go back.</param>
public sealed record IncidentAbsorbed(string From, [property: KeepEmpty] IReadOnlyList<Report> Reports, string Reason, IReadOnlyList<Dyad> Dyads) : IncidentEvent;

/// <summary>It is not the same after all, and counts again as it did.</summary>
/// <param name="From">Id of the one that it was merged into.</param>
public sealed record IncidentUnmerged(string From, string Reason, IReadOnlyList<Dyad> Dyads) : IncidentEvent;

/// <summary>Another was not the same after all; its reports count here no more.</summary>
/// <param name="To">Id of the other.</param>
public sealed record IncidentReleased(string To, string Reason, IReadOnlyList<Dyad> Dyads) : IncidentEvent;

/// <summary>It was several. They are on record each by itself, and it counts no more.</summary>
/// <param name="Parts">Their ids.</param>
public sealed record IncidentSplit(IReadOnlyList<string> Parts, string Reason, IReadOnlyList<Dyad> Dyads) : IncidentEvent;

/// <summary>It was one after all, and counts again as it did.</summary>
public sealed record IncidentUnsplit(IReadOnlyList<string> Parts, string Reason, IReadOnlyList<Dyad> Dyads) : IncidentEvent;

/// <summary>What it was split from was one after all; it counts no more.</summary>
/// <param name="Into">Id of the incident that it was a part of.</param>
public sealed record IncidentDissolved(string Into, string Reason, IReadOnlyList<Dyad> Dyads) : IncidentEvent;

/// <summary>A source says something about it.</summary>
public sealed record ReportAttached(Report Report, IReadOnlyList<Dyad> Dyads, string? Import = null) : IncidentEvent;

/// <summary>A report was attached by mistake, or its source took it back.</summary>
public sealed record ReportWithdrawn(string ReportId, string Reason, IReadOnlyList<Dyad> Dyads, string? Import = null) : IncidentEvent;

/// <summary>A complete file of its origin does not have it any more. It counts as before: that an origin dropped it proves nothing.</summary>
/// <param name="Import">Id of the import of that file.</param>
public sealed record IncidentMissingUpstream(string Import, IReadOnlyList<Dyad> Dyads) : IncidentEvent;

/// <summary>Its origin, which had dropped it, gives it again.</summary>
public sealed record IncidentFoundUpstream(string Import, IReadOnlyList<Dyad> Dyads) : IncidentEvent;

/// <summary>An analyst set the credibility, or with null gave it back to the reports.</summary>
/// <param name="Credibility">c, 0 to 1.</param>
/// <param name="Computed">What the reports gave at that moment; null if none was graded.</param>
/// <param name="Import">Id of the import whose row brought the grade; null if it was set here.</param>
public sealed record IncidentGraded(double? Credibility, double? Computed, string Reason, IReadOnlyList<Dyad> Dyads, string? Import = null) : IncidentEvent;

/// <summary>One report takes over its source's newer grade.</summary>
/// <param name="Affiliation">Null if it stays what it was.</param>
public sealed record Regrade(
    string ReportId, Reliability OldReliability, Reliability NewReliability, string OldGroup, string NewGroup, Reaffiliation? Affiliation = null);

/// <summary>Whose media the source is and was, null being nobody's.</summary>
public sealed record Reaffiliation(ActorCode? Old, ActorCode? New);

/// <summary>Reports took over the grades that their sources have by now.</summary>
public sealed record ReportsRegraded(IReadOnlyList<Regrade> Regrades, string Reason, IReadOnlyList<Dyad> Dyads) : IncidentEvent;
