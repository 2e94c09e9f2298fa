using Field.Contracts.Tracks;
using Field.Geo.Review;
using Field.Vision.Quality;

namespace Field.MapApp.Review;

/// <summary>What the crew does now.</summary>
internal enum FlightVerdict
{
    /// <summary>Everything that was to be photographed is shown by useful photos: the crew may pack up.</summary>
    Done,

    /// <summary>The photos are of use, but they were compared with nothing: whether something is missing is not known.</summary>
    PhotosOnly,

    /// <summary>Photos have not been looked at yet.</summary>
    Wait,

    /// <summary>Something is missing or useless.</summary>
    Again,
}

/// <summary>All that the review of a flight found.</summary>
internal sealed record FlightReview(IReadOnlyList<FlightPhoto> Photos, ReviewTarget? Target, CoverageReport? Coverage, FlightTimeline? Timeline, FlightTrack? Track)
{
    /// <summary>Codes in the order in which they are told.</summary>
    public static readonly string[] AllCodes = [QualityCodes.Blurred, QualityCodes.OverExposed, QualityCodes.UnderExposed, FlightReader.Unreadable];

    /// <summary>Photos without a place.</summary>
    public IEnumerable<FlightPhoto> Unplaced => Photos.Where(p => p.Photo.Camera.Pose is null);

    /// <summary>Photos of which it is not known yet whether they are of use.</summary>
    public int Waiting => Photos.Count(p => p.IsWaiting);

    /// <summary>What the crew does now. Without a target it is never <see cref="FlightVerdict.Done"/>.</summary>
    public FlightVerdict Verdict =>
        !(Coverage?.IsComplete ?? Photos.All(p => p.Codes.Count == 0)) ? FlightVerdict.Again
        : Waiting > 0 ? FlightVerdict.Wait
        : Coverage is null ? FlightVerdict.PhotosOnly
        : FlightVerdict.Done;

    /// <summary>Photos of each code that occurs.</summary>
    public IEnumerable<(string Code, int Count)> Useless =>
        AllCodes.Select(c => (c, Photos.Count(p => p.Codes.Contains(c)))).Where(c => c.Item2 > 0);

    /// <summary>Compares the photos with the target.</summary>
    public static FlightReview Of(IReadOnlyList<FlightPhoto> photos, ReviewTarget? target, Field.Geo.Linear.LeveeNetwork? levees, FlightTrack? track) => new(
        photos, target, target is null ? null : FlightCoverage.Of([.. photos.Select(p => p.Photo)], target, levees), FlightTimeline.Of(photos.Select(p => p.Photo.TakenAt)), track);
}
