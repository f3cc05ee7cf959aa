namespace GeoEvents.Assessments;

/// <summary>The parts of this folder that others ask for.</summary>
public static class AssessmentsModule
{
    public static void AddAssessments(this IServiceCollection services) => services.AddSingleton<AssessmentReader>();
}
