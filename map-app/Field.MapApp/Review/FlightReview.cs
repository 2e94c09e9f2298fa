using Field.Contracts.Tracks;
using Field.Geo.Review;
using Field.Vision.Quality;

namespace Field.MapApp.Review;

/// <summary>All that the review of a flight found.</summary>
internal sealed record FlightReview(IReadOnlyList<FlightPhoto> Photos, ReviewTarget? Target, CoverageReport? Coverage, FlightTimeline? Timeline, FlightTrack? Track)
{
    /// <summary>Codes in the order in which they are told.</summary>
    public static readonly string[] AllCodes = [QualityCodes.Blurred, QualityCodes.OverExposed, QualityCodes.UnderExposed, FlightReader.Unreadable];

    /// <summary>Photos without a place.</summary>
    public IEnumerable<FlightPhoto> Unplaced => Photos.Where(p => p.Photo.Camera.Pose is null);

    /// <summary>Photos of which it is not known yet whether they are of use.</summary>
    public int Waiting => Photos.Count(p => p.IsWaiting);

    /// <summary>True when the crew may pack up: everything is shown by useful photos; without a target, when no photo is useless.</summary>
    public bool IsComplete => Waiting == 0 && IsCovered;

    /// <summary>The same, should the photos that wait be of use.</summary>
    public bool IsCovered => Coverage?.IsComplete ?? Photos.All(p => p.Codes.Count == 0);

    /// <summary>Photos of each code that occurs.</summary>
    public IEnumerable<(string Code, int Count)> Useless =>
        AllCodes.Select(c => (c, Photos.Count(p => p.Codes.Contains(c)))).Where(c => c.Item2 > 0);

    /// <summary>Compares the photos with the target.</summary>
    public static FlightReview Of(IReadOnlyList<FlightPhoto> photos, ReviewTarget? target, Field.Geo.Linear.LeveeNetwork? levees, FlightTrack? track) => new(
        photos, target, target is null ? null : FlightCoverage.Of([.. photos.Select(p => p.Photo)], target, levees), FlightTimeline.Of(photos.Select(p => p.Photo.TakenAt)), track);
}
