using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Assessments;

/// <summary>Reads what analysts judged relationships' postures to be.</summary>
public sealed class AssessmentReader(StateReader states)
{
    public async Task<PostureAssessments> Of(string workspace, Dyad dyad, long known, CancellationToken cancel) =>
        await states.Find<PostureAssessments>(workspace, StreamKey.Assessments(dyad), known, cancel) ?? PostureAssessments.None(dyad);

    /// <summary>The assessment in force; null if none is.</summary>
    public async Task<AssessmentView?> InForce(string workspace, Dyad dyad, AsOf asOf, CancellationToken cancel) =>
        (await Of(workspace, dyad, asOf.Known.Position, cancel)).InForceAt(asOf.Valid) is { } assessment ? AssessmentView.Of(assessment, asOf.Method) : null;

    /// <summary>The assessment in force of each relationship that has one.</summary>
    public async Task<IReadOnlyDictionary<Dyad, PostureAssessment>> AllInForce(string workspace, AsOf asOf, CancellationToken cancel) =>
        (from assessments in await states.All<PostureAssessments, AssessmentEvent>(workspace, asOf.Known.Position, cancel)
         let inForce = assessments.InForceAt(asOf.Valid)
         where inForce is not null
         select (assessments.Dyad, inForce)).ToDictionary(a => a.Dyad, a => a.inForce);
}
