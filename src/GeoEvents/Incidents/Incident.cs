using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Sources;

namespace GeoEvents.Incidents;

/// <summary>What one incident's stream adds up to, and what may be decided on it.</summary>
/// <param name="Version">How many facts the stream holds; the ETag.</param>
/// <param name="Position">Of the last fact.</param>
/// <param name="Upstream">The content as its origin last gave it: what a later row of the same origin is compared with.</param>
/// <param name="UpstreamReports">The reports as its origin last gave them; those that analysts attached or withdrew are not its concern.</param>
/// <param name="Digest">Of the origin's latest content and reports.</param>
/// <param name="Import">Id of the import that brought it; null if it was logged by hand.</param>
/// <param name="UpstreamImport">Id of the import that gave the origin's latest content.</param>
/// <param name="Interval">The date resolved at the recording that last stated it.</param>
/// <param name="SetCredibility">c as an analyst set it; null if nobody did.</param>
public sealed record Incident(
    long Version,
    long Position,
    DateTimeOffset RecordedAt,
    IncidentContent Content,
    IReadOnlyList<Report> Reports,
    int ReportsSoFar,
    bool Retracted,
    double? SetCredibility,
    IncidentContent Upstream,
    IReadOnlyList<ReportDraft> UpstreamReports,
    string Digest,
    string? Import,
    string? UpstreamImport,
    ResolvedInterval Interval,
    ChangeClass Change)
{
    /// <summary>Since when its origin does not give it any more; null if it does, or nobody looked.</summary>
    public MissingUpstream? MissingUpstream { get; init; }

    /// <summary>Id of the incident that goes on for both; null if it was not merged.</summary>
    public string? MergedInto { get; init; }

    /// <summary>Ids of the incidents that it goes on for, as merged.</summary>
    public IReadOnlyList<string> Absorbed { get; init; } = [];

    /// <summary>Ids of its parts; empty if it was not split.</summary>
    public IReadOnlyList<string> SplitInto { get; init; } = [];

    /// <summary>Id of the incident that it is, or was, a part of; null if it was logged by itself.</summary>
    public string? PartOf { get; init; }

    /// <summary>Whether the split that made it was undone.</summary>
    public bool Dissolved { get; init; }

    /// <summary>Whether and why not it counts.</summary>
    public Standing Standing => this switch
    {
        { MergedInto: not null } => Standing.Merged,
        { SplitInto.Count: > 0 } => Standing.Split,
        { Dissolved: true } => Standing.Dissolved,
        { Retracted: true } => Standing.Retracted,
        _ => Standing.OnRecord,
    };

    /// <summary>The grade that <see cref="SetCredibility"/> comes from, with its reason; null if nobody set one.</summary>
    public GradeDraft? SetGrade { get; init; }

    /// <summary>The grade as its origin last gave it; null if it gave none.</summary>
    public GradeDraft? UpstreamGrade { get; init; }

    /// <summary>c from the reports alone; null if none is graded.</summary>
    public double? ComputedCredibility { get; } = Credibility.Of(Reports);

    /// <summary>c that counts: the analyst's, else the reports'; null leaves it to the method.</summary>
    public double? EffectiveCredibility => SetCredibility ?? ComputedCredibility;

    /// <summary>
    /// The largest number of independent sources that a supporting report without a grade counted; null if none counted any.
    /// Matters where no report is graded: <see cref="Method.UngradedCredibility"/>.
    /// </summary>
    public int? CountedSources { get; } = Credibility.CountedSources(Reports);

    /// <summary>The state after one more fact.</summary>
    /// <param name="before">Null before the first fact.</param>
    /// <exception cref="InvalidOperationException">The stream does not begin with <see cref="IncidentLogged"/>.</exception>
    public static Incident After(Incident? before, IncidentEvent fact, DateTimeOffset recordedAt, long position)
    {
        var after = (before, fact) switch
        {
            (null, IncidentLogged e) => new Incident(
                0,
                position,
                recordedAt,
                e.Content,
                e.Reports,
                e.Reports.Count,
                false,
                null,
                e.Content,
                [.. e.Reports.Select(r => r.AsGiven())],
                e.Digest,
                e.Import,
                e.Import,
                Resolve(e.Content, recordedAt),
                default)
            {
                PartOf = e.PartOf,
            },
            (not null, IncidentCorrected e) => before.Corrected(e, recordedAt),
            (not null, IncidentRetracted) => before with { Retracted = true },
            (not null, IncidentReinstated) => before with { Retracted = false },
            (not null, ReportAttached e) => before.WithReports([.. before.Reports, e.Report]) with
            {
                ReportsSoFar = before.ReportsSoFar + 1,
                UpstreamReports = e.Import is null ? before.UpstreamReports : [.. before.UpstreamReports, e.Report.AsGiven()],
            },
            (not null, ReportWithdrawn e) => before.WithReports([.. before.Reports.Where(r => r.Id != e.ReportId)]) with
            {
                UpstreamReports = e.Import is null ? before.UpstreamReports : [.. before.UpstreamReports.Except(before.Reports.Where(r => r.Id == e.ReportId).Select(r => r.AsGiven()))],
            },
            (not null, IncidentMerged e) => before with { MergedInto = e.Into },
            (not null, IncidentUnmerged) => before with { MergedInto = null },
            (not null, IncidentAbsorbed e) => before.WithReports([.. before.Reports, .. e.Reports]) with { Absorbed = [.. before.Absorbed, e.From] },
            (not null, IncidentReleased e) => before.WithReports([.. before.Reports.Where(r => r.From != e.To)]) with { Absorbed = [.. before.Absorbed.Where(id => id != e.To)] },
            (not null, IncidentSplit e) => before with { SplitInto = e.Parts },
            (not null, IncidentUnsplit) => before with { SplitInto = [] },
            (not null, IncidentDissolved) => before with { Dissolved = true },
            (not null, IncidentGraded e) => before.Graded(e),
            (not null, IncidentMissingUpstream e) => before with { MissingUpstream = new MissingUpstream(e.Import, recordedAt) },
            (not null, IncidentFoundUpstream) => before with { MissingUpstream = null },
            (not null, ReportsRegraded e) => before.WithReports([.. before.Reports.Select(r => Regraded(r, e.Regrades))]),
            _ => throw new InvalidOperationException($"{fact.GetType().Name} cannot follow {(before is null ? "nothing" : "the first fact")}."),
        };

        return after with
        {
            Version = (before?.Version ?? 0) + 1,
            Position = position,
            RecordedAt = recordedAt,
            Change = ChangeClasses.Of(fact, after.Interval.Tau, recordedAt, Methods.Shipped.Parameters),
        };
    }

    /// <summary>Names fields that were wrong. Fields that already have the given value are left alone.</summary>
    /// <returns>Nothing when nothing differs.</returns>
    /// <exception cref="RefusedException">The incident was retracted.</exception>
    public IEnumerable<IncidentEvent> Correct(IncidentContent corrected, string reason)
    {
        RefuseUnlessOnRecord();
        return IncidentFields.Difference(Content, corrected) is { Count: > 0 } changes
            ? [new IncidentCorrected(changes, reason, [.. Content.Dyads.Union(corrected.Dyads)])]
            : [];
    }

    /// <returns>Nothing when already retracted.</returns>
    /// <exception cref="RefusedException">It counts no more for another reason.</exception>
    public IEnumerable<IncidentEvent> Retract(string reason)
    {
        if (Standing == Standing.Retracted)
        {
            return [];
        }

        RefuseUnlessOnRecord();
        return [new IncidentRetracted(reason, Dyads)];
    }

    /// <returns>Nothing when not retracted.</returns>
    public IEnumerable<IncidentEvent> Reinstate(string reason) => Retracted ? [new IncidentReinstated(reason, Dyads)] : [];

    /// <returns>Nothing when an equal report is attached already: feeds deliver at least once.</returns>
    /// <exception cref="RefusedException">The incident was retracted.</exception>
    public IEnumerable<IncidentEvent> Attach(ReportDraft report, Func<string, Source> sourceOf, string? import = null)
    {
        RefuseUnlessOnRecord();
        return OwnReports.Any(r => r.AsGiven() == report)
            ? []
            : [new ReportAttached(sourceOf(report.Source).Report($"r{ReportsSoFar + 1}", report), Dyads, import)];
    }

    /// <exception cref="RefusedException">There is no such report, or the incident was retracted.</exception>
    public IEnumerable<IncidentEvent> Withdraw(string reportId, string reason)
    {
        RefuseUnlessOnRecord();
        return Reports.Any(r => r.Id == reportId)
            ? [new ReportWithdrawn(reportId, reason, Dyads)]
            : throw RefusedException.NotFound("report", reportId);
    }

    /// <summary>Sets c, or with null gives it back to the reports.</summary>
    /// <returns>Nothing when it is so already.</returns>
    /// <exception cref="RefusedException">The incident was retracted.</exception>
    public IEnumerable<IncidentEvent> Grade(double? credibility, string reason)
    {
        RefuseUnlessOnRecord();
        return credibility == SetCredibility ? [] : [new IncidentGraded(credibility, ComputedCredibility, reason, Dyads)];
    }

    /// <summary>Lets reports take over the grades, groups and affiliations that their sources have now.</summary>
    /// <param name="findSource">Null for a source that is not asked about; its reports stay as they are.</param>
    /// <returns>Nothing when none differs.</returns>
    public IEnumerable<IncidentEvent> Regrade(Func<string, Source?> findSource, string reason)
    {
        RefuseUnlessOnRecord();
        var regrades = (from report in Reports
                        let source = findSource(report.Source)
                        where source is not null
                        where (report.Reliability, report.Group, report.Affiliation) != (source.Reliability, source.Group, source.Affiliation)
                        select new Regrade(
                            report.Id,
                            report.Reliability,
                            source.Reliability,
                            report.Group,
                            source.Group,
                            report.Affiliation == source.Affiliation ? null : new Reaffiliation(report.Affiliation, source.Affiliation))).ToList();
        return regrades.Count == 0 ? [] : [new ReportsRegraded(regrades, reason, Dyads)];
    }

    /// <summary>Says that its origin does not give it any more.</summary>
    /// <returns>Nothing when that is on record already.</returns>
    public IEnumerable<IncidentEvent> MissUpstream(string import) => MissingUpstream is null ? [new IncidentMissingUpstream(import, Dyads)] : [];

    /// <returns>Nothing when it was not missed.</returns>
    public IReadOnlyList<IncidentEvent> FindUpstream(string import) => MissingUpstream is null ? [] : [new IncidentFoundUpstream(import, Dyads)];

    /// <summary>
    /// Takes over what the origin changed since it last gave this incident, in content and reports. What analysts corrected, attached or withdrew besides stays.
    /// </summary>
    /// <param name="grade">The analyst's credibility that the origin gives; null if it gives none.</param>
    /// <returns>Nothing when the origin says the same as before. A retracted incident takes the change and stays retracted.</returns>
    /// <exception cref="InvalidRequestException">What the origin changed and what analysts corrected are not one incident together.</exception>
    public IReadOnlyList<IncidentEvent> Reconcile(
        IncidentContent content, IReadOnlyList<ReportDraft> reports, string digest, string import, Func<string, Source> sourceOf, DateTimeOffset recordedAt,
        GradeDraft? grade = null)
    {
        if (digest == Digest)
        {
            return FindUpstream(import);
        }

        var changes = IncidentFields.Difference(Upstream, content)
            .Select(change => change with { Old = IncidentFields.ValueOf(Content, change.Field) })
            .ToList();
        var corrected = IncidentFields.Patch(Content, changes);
        InvalidRequestException.ThrowIfAny(IncidentRules.Check(corrected, Methods.Shipped, recordedAt).Except(IncidentRules.Check(Content, Methods.Shipped, recordedAt)));

        var dyads = corrected.Dyads.ToList();
        var gone = OwnReports.Where(r => UpstreamReports.Contains(r.AsGiven()) && !reports.Contains(r.AsGiven())).ToList();
        var added = reports.Where(r => !UpstreamReports.Contains(r) && !OwnReports.Any(old => old.AsGiven() == r)).Distinct()
            .Select((r, i) => sourceOf(r.Source).Report($"r{ReportsSoFar + 1 + i}", r)).ToList();
        const string NoLonger = "no longer given upstream";
        return
        [
            .. FindUpstream(import),
            new IncidentCorrected(changes, "changed upstream", [.. Content.Dyads.Union(dyads)], import, digest),
            .. gone.Select(r => new ReportWithdrawn(r.Id, NoLonger, dyads, import)),
            .. added.Select(r => new ReportAttached(r, dyads, import)),
            .. grade == UpstreamGrade
                ? Array.Empty<IncidentEvent>()
                : [new IncidentGraded(grade?.Credibility, Credibility.Of(Reports.Except(gone).Concat(added)), grade?.Reason ?? NoLonger, dyads, import)],
        ];
    }

    private IReadOnlyList<Dyad> Dyads => [.. Content.Dyads];

    /// <summary>Those that it was not given by a merge.</summary>
    private IEnumerable<Report> OwnReports => Reports.Where(r => r.From is null);

    /// <summary>Says that it is the same as another, which takes over its reports.</summary>
    /// <returns>Its own fact and the other's; null when it is merged into that one already.</returns>
    /// <exception cref="RefusedException">One of them does not count.</exception>
    public (IncidentEvent Own, IncidentEvent Other)? MergeInto(Incident other, string reason)
    {
        if (MergedInto == other.Content.Id)
        {
            return null;
        }

        RefuseUnlessOnRecord();
        other.RefuseUnlessOnRecord();
        var id = Content.Id;
        return (
            new IncidentMerged(other.Content.Id, reason, Dyads),
            new IncidentAbsorbed(id, [.. Reports.Select(r => r with { Id = $"{id}.{r.Id}", From = id })], reason, other.Dyads));
    }

    /// <summary>Says that it is not the same as what it was merged into.</summary>
    /// <param name="survivor">The incident of <see cref="MergedInto"/>.</param>
    /// <exception cref="RefusedException">It is not merged, or the other was itself merged or split since, which has to be undone first.</exception>
    public (IncidentEvent Own, IncidentEvent Other) Unmerge(Incident survivor, string reason)
    {
        if (MergedInto != survivor.Content.Id)
        {
            throw new RefusedException("incident-not-merged", "The incident is not merged into another.");
        }

        survivor.RefuseIfBound();
        return (new IncidentUnmerged(survivor.Content.Id, reason, Dyads), new IncidentReleased(Content.Id, reason, survivor.Dyads));
    }

    /// <summary>Says that it was several.</summary>
    /// <exception cref="RefusedException">It does not count.</exception>
    public IncidentEvent Split(IReadOnlyList<string> parts, string reason)
    {
        RefuseUnlessOnRecord();
        return new IncidentSplit(parts, reason, Dyads);
    }

    /// <summary>Says that it was one after all.</summary>
    /// <param name="parts">The incidents of <see cref="SplitInto"/>.</param>
    /// <returns>Its own fact, and one of each part.</returns>
    /// <exception cref="RefusedException">It is not split, or a part was merged or split since, or took over another, which has to be undone first.</exception>
    public (IncidentEvent Own, IReadOnlyList<IncidentEvent> OfParts) Unsplit(IReadOnlyList<Incident> parts, string reason)
    {
        if (SplitInto.Count == 0 || !SplitInto.SequenceEqual(parts.Select(p => p.Content.Id)))
        {
            throw new RefusedException("incident-not-split", "The incident is not split into others.");
        }

        foreach (var part in parts)
        {
            part.RefuseIfBound();
            if (part.Absorbed.Count > 0)
            {
                throw new RefusedException(
                    "incident-absorbed", $"Part '{part.Content.Id}' goes on for '{part.Absorbed[^1]}', which was merged into it. Undo that merge first.");
            }
        }

        return (new IncidentUnsplit(SplitInto, reason, Dyads), [.. parts.Select(p => new IncidentDissolved(Content.Id, reason, p.Dyads))]);
    }

    private static Report Regraded(Report report, IReadOnlyList<Regrade> regrades) => regrades.FirstOrDefault(r => r.ReportId == report.Id) is { } regrade
        ? report with
        {
            Reliability = regrade.NewReliability,
            Group = regrade.NewGroup,
            Affiliation = regrade.Affiliation is { } affiliation ? affiliation.New : report.Affiliation,
        }
        : report;

    private static ResolvedInterval Resolve(IncidentContent content, DateTimeOffset recordedAt) =>
        OccurredOn.TryResolve(content, recordedAt, out var interval, out var reason)
            ? interval
            : throw new InvalidOperationException($"Stored date '{content.Occurred}' does not resolve: {reason}");

    private Incident Corrected(IncidentCorrected e, DateTimeOffset recordedAt)
    {
        var content = IncidentFields.Patch(Content, e.Changes);
        var redated = e.Changes.Any(c => c.Field is "occurred" or "zone");
        return this with
        {
            Content = content,
            Interval = redated ? Resolve(content, recordedAt) : Interval,
            Upstream = e.Digest is null ? Upstream : IncidentFields.Patch(Upstream, e.Changes),
            Digest = e.Digest ?? Digest,
            UpstreamImport = e.Digest is null ? UpstreamImport : e.Import,
        };
    }

    private Incident Graded(IncidentGraded e)
    {
        var grade = e.Credibility is null ? null : new GradeDraft(e.Credibility, e.Reason);
        return this with { SetCredibility = e.Credibility, SetGrade = grade, UpstreamGrade = e.Import is null ? UpstreamGrade : grade };
    }

    /// <summary>A copy by constructor, so that what is computed from the reports is computed anew.</summary>
    private Incident WithReports(IReadOnlyList<Report> reports) => new(
        Version, Position, RecordedAt, Content, reports, ReportsSoFar, Retracted, SetCredibility, Upstream, UpstreamReports, Digest, Import, UpstreamImport, Interval, Change)
    {
        MissingUpstream = MissingUpstream,
        MergedInto = MergedInto,
        Absorbed = Absorbed,
        SplitInto = SplitInto,
        PartOf = PartOf,
        Dissolved = Dissolved,
        SetGrade = SetGrade,
        UpstreamGrade = UpstreamGrade,
    };

    private void RefuseUnlessOnRecord()
    {
        RefuseIfBound();
        switch (Standing)
        {
            case Standing.Retracted:
                throw new RefusedException("incident-retracted", $"Incident '{Content.Id}' is retracted. Reinstate it first.");
            case Standing.Dissolved:
                throw new RefusedException("incident-dissolved", $"Incident '{Content.Id}' was a part of '{PartOf}', whose split was undone.");
        }
    }

    /// <exception cref="RefusedException">It was merged or split, and that has to be undone first.</exception>
    private void RefuseIfBound()
    {
        switch (Standing)
        {
            case Standing.Merged:
                throw new RefusedException("incident-merged", $"Incident '{Content.Id}' is merged into '{MergedInto}'. Change that one, or undo the merge first.");
            case Standing.Split:
                throw new RefusedException("incident-split", $"Incident '{Content.Id}' is split into {string.Join(", ", SplitInto.Select(p => $"'{p}'"))}. Change those, or undo the split first.");
        }
    }
}

/// <summary>Whether an incident counts, or why not.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Standing>))]
public enum Standing { OnRecord, Retracted, Merged, Split, Dissolved }

/// <param name="Import">Id of the first complete import that lacked it.</param>
/// <param name="Since">When that was recorded.</param>
public sealed record MissingUpstream(string Import, DateTimeOffset Since);
