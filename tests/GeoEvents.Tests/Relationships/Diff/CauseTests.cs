using GeoEvents.Incidents;
using GeoEvents.Relationships.Diff;

namespace GeoEvents.Tests.Relationships.Diff;

public class CauseTests
{
    /// <summary>A merge takes one incident out of the dyad and leaves the other; a split takes the whole out and brings its parts in; undone, it is the other way round.</summary>
    [Theory]
    [InlineData(ChangeClass.Live, false, true, false, Cause.LearnedLate)]
    [InlineData(ChangeClass.Late, false, true, false, Cause.LearnedLate)]
    [InlineData(ChangeClass.Backfill, false, true, false, Cause.LearnedLate)]
    [InlineData(ChangeClass.Correction, true, true, false, Cause.Corrected)]
    [InlineData(ChangeClass.Correction, true, false, false, Cause.Corrected)]
    [InlineData(ChangeClass.Correction, false, true, true, Cause.Corrected)]
    [InlineData(ChangeClass.Retraction, true, false, false, Cause.Retracted)]
    [InlineData(ChangeClass.Reinstatement, false, true, false, Cause.Reinstated)]
    [InlineData(ChangeClass.Merge, true, false, false, Cause.Merged)]
    [InlineData(ChangeClass.Merge, true, true, false, Cause.Merged)]
    [InlineData(ChangeClass.Merge, false, true, false, Cause.Unmerged)]
    [InlineData(ChangeClass.Split, true, false, false, Cause.Split)]
    [InlineData(ChangeClass.Split, false, true, true, Cause.Split)]
    [InlineData(ChangeClass.Split, false, true, false, Cause.Unsplit)]
    [InlineData(ChangeClass.Split, true, false, true, Cause.Unsplit)]
    public void A_fact_is_a_cause_by_its_class_and_by_whether_the_incident_leaves_or_comes(ChangeClass change, bool ends, bool begins, bool part, Cause cause) =>
        Causes.Of(change, ends, begins, part).ShouldBe(cause);
}
