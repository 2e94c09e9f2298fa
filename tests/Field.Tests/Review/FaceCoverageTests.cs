using System.Globalization;
using Field.Geo;
using Field.Geo.Review;
using Field.Geo.Routes;
using Field.Geo.Routes.Export;
using Field.MapApp.Review;
using Field.Tests.Geo.Routes;

namespace Field.Tests.Review;

/// <summary>
/// A bridge of 100 m by 8 m, 10 to 25 m high over water at 2 m, flown as planned from 9 m away; the place of take-off lies at 20 m, so the lower rows and the underside are flown
/// below it. Where a gap must lie follows from the field of view of the camera alone.
/// </summary>
public sealed class FaceCoverageTests : IDisposable
{
    private const double Focal = 12.29 / 17.3 * 5280;
    private const double HalfWidthPerM = 5280 / Focal / 2;
    private const double HalfHeightPerM = 3956 / Focal / 2;
    private const double TakeOffM = 20;
    private const double FaceM = 9;

    /// <summary>Faces are judged by squares of a quarter of a metre, and strips below a metre are no gap.</summary>
    private const double SquareM = 0.25;

    private readonly string _folder = Directory.CreateTempSubdirectory("field-faces").FullName;
    private readonly RoutePlan _plan = RouteSamples.Plan(BridgePlannerTests.Sample() with { TopM = 25, Homes = [new RouteHome(RouteSamples.Place(-80, -40), TakeOffM)] });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Flight_as_planned_shows_every_face()
    {
        CoverageReport report = Review(_ => true);

        Assert.Empty(_plan.Refusals);
        Assert.Empty(report.Gaps);
        Assert.Empty(report.Missed);
        Assert.Equal(1, report.Share!.Value, 0.001);
        Assert.True(report.IsComplete);
    }

    [Fact]
    public void Rows_that_were_not_flown_leave_the_upper_part_of_that_face()
    {
        RouteLeg[] rows = [.. _plan.Legs.Where(l => l.Name.StartsWith("R-", StringComparison.Ordinal) && l.Name != "R-u")];
        string[] left = [.. rows.Take(rows.Length - 1).Select(l => l.Name)];
        double lowestM = rows[^1].Waypoints[0].HeightM;

        CoverageReport report = Review(p => !left.Contains(p.Leg));

        CoverageGap gap = Assert.Single(report.Gaps);
        Assert.True(gap.Face!.IsRight);
        Assert.Equal(lowestM + (FaceM * HalfHeightPerM), gap.Face.LowM, SquareM);
        Assert.Equal(25 - TakeOffM, gap.Face.HighM, SquareM);
        Assert.Equal(20, gap.FromM!.Value, SquareM);
        Assert.Equal(120, gap.ToM!.Value, SquareM);
        Assert.Equal(left, report.Missed.Select(m => m.Photo.Track).Distinct());
        Assert.Equal(rows.Where(r => left.Contains(r.Name)).Sum(r => r.Photos.Count), report.Missed.Count);
        Assert.False(report.IsComplete);
    }

    [Fact]
    public void Stretch_that_was_not_flown_is_told_by_its_distance_from_the_start()
    {
        CoverageReport report = Review(p => p.Leg[0] != 'L' || Math.Abs(p.EastM) > 20);

        // Of the photos nearest to the middle the last ones still show 9 m * tan of half the field of view beyond themselves.
        double[] stations = [.. _plan.Legs.First(l => l.Name == "L-1").Photos.Select(p => RouteSamples.Metres(p.Position).X)];
        double west = stations.Where(s => s < -20).Max() + (FaceM * HalfWidthPerM), east = stations.Where(s => s > 20).Min() - (FaceM * HalfWidthPerM);
        CoverageGap gap = Assert.Single(report.Gaps, g => g.Face is { IsRight: false });
        Assert.Equal(70 + west, gap.FromM!.Value, 2 * SquareM);
        Assert.Equal(70 + east, gap.ToM!.Value, 2 * SquareM);
        Assert.DoesNotContain(report.Gaps, g => g.Face is { IsRight: true });
        Assert.All(report.Missed, m => Assert.StartsWith("L-", m.Photo.Track, StringComparison.Ordinal));
    }

    [Fact]
    public void Underside_that_one_side_alone_shows_is_missing_without_it()
    {
        CoverageReport report = Review(p => p.Leg != "R-u");

        CoverageGap gap = Assert.Single(report.Gaps, g => g.Face is { IsRight: null });
        Assert.True(gap.Face!.HighM <= 4 + SquareM && gap.Face.HighM > 3, $"{gap.Face}");
        Assert.True(gap.Face.LowM > -4, $"{gap.Face}"); // the left side shows its own edge
    }

    [Fact]
    public void Photos_from_twice_as_far_show_too_little()
    {
        CoverageReport report = Review(_ => true, place: (leg, at) => leg[0] == 'R' ? RouteSamples.Place(at.X, at.Y - FaceM) : null);

        Assert.Contains(report.Gaps, g => g.Face is { IsRight: true } && g.AreaM2 > 1000);
        Assert.DoesNotContain(report.Gaps, g => g.Face is { IsRight: false });
    }

    [Fact]
    public void Useless_photos_show_nothing()
    {
        CoverageReport report = Review(_ => true, isUseful: leg => leg[0] != 'L');

        Assert.Contains(report.Gaps, g => g.Face is { IsRight: false });
        Assert.All(report.Missed, m => Assert.NotNull(m.Instead));
    }

    [Fact]
    public void Photos_that_tell_no_height_are_compared_one_by_one()
    {
        CoverageReport report = Review(p => p.Leg != "R-1", hasHeights: false);

        Assert.Empty(report.Gaps);
        Assert.InRange(report.Share!.Value, 0.5, 0.99);
        Assert.False(report.IsComplete);
    }

    [Theory]
    [InlineData(true, "右側の側面（起点から 20～120 m、離陸地点からの高さ ")]
    [InlineData(false, "right face (20 to 120 m from the start, ")]
    public void Gap_is_named_by_face_distance_and_height(bool japanese, string name)
    {
        CoverageGap gap = Assert.Single(Review(p => p.Leg is not ("R-1" or "R-2" or "R-3" or "R-4")).Gaps, g => g.Face is { IsRight: true });

        Assert.StartsWith(name, new ReviewText(japanese, TimeZoneInfo.Utc).Gap(gap), StringComparison.Ordinal);
    }

    /// <summary>Reads the plan as <c>flight review --plan</c> does, and compares it with those of its photos that were taken.</summary>
    private CoverageReport Review(Func<(string Leg, double EastM), bool> isTaken, Func<string, bool>? isUseful = null, Func<string, NetTopologySuite.Geometries.Coordinate, LonLat?>? place = null, bool hasHeights = true)
    {
        string preview = Path.Combine(_folder, "preview.geojson");
        File.WriteAllBytes(preview, RoutePreview.GeoJson(_plan));
        List<ReviewPhoto> photos = [];
        foreach (RouteLeg leg in _plan.Legs)
        {
            foreach (RoutePhoto photo in leg.Photos)
            {
                var at = RouteSamples.Metres(photo.Position);
                if (isTaken((leg.Name, at.X)))
                {
                    photos.Add(Photo(photos.Count, leg, photo, place?.Invoke(leg.Name, at) ?? photo.Position, isUseful?.Invoke(leg.Name) ?? true, hasHeights));
                }
            }
        }

        return FlightCoverage.Of(photos, TargetReader.Plan(preview));
    }

    /// <summary>Below the place of take-off there is no place on the ground, as the reader of a card finds.</summary>
    private static ReviewPhoto Photo(int number, RouteLeg leg, RoutePhoto photo, LonLat place, bool isUseful, bool hasHeights)
    {
        double heightM = leg.Waypoints[0].HeightM;
        CameraPose stand = new(place, 100, photo.YawDeg, photo.PitchDeg, 0);
        CameraEstimate camera = new(Placement.Measured, heightM > 0 ? stand with { HeightAboveGroundM = heightM } : null, RouteSamples.Camera.Intrinsics, new PoseUncertainty(2.5, 1, 1.5), [], "");
        return new ReviewPhoto(number.ToString(CultureInfo.InvariantCulture), null, camera, isUseful) { Stand = stand, TakeOffHeightM = hasHeights ? heightM : null };
    }
}
