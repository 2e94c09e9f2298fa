using System.Globalization;
using Field.Bench.Figures;
using Field.Demo.Synthetic;
using Field.Geo;

namespace Field.Bench.Vision;

/// <summary>
/// Pixels put on the ground from poses with noise, beside the true pose's own geometry (<see cref="PinholeCamera"/>, written apart from
/// Field.Geo). The camera flies at 30 m; half of the photos look straight down, half 60 to 90 degrees down.
/// </summary>
internal static class Georeferencing
{
    private const int Places = 5_000;
    private const double HeightM = 30;

    /// <summary>The surface's height above the ellipsoid, as the crew states it but for its error.</summary>
    private const double SurfaceM = 55.6;

    /// <summary>
    /// Standard deviations of what a file says: position per axis, height, pitch and roll, yaw; and of the ground: from what the crew stated
    /// (with RTK), or null where nobody stated anything and the height counts from the place of take-off.
    /// </summary>
    private sealed record Noise(string Name, int? RtkFlag, double PositionM, double HeightM, double TiltDeg, double YawDeg, double? SurfaceM = null)
    {
        /// <summary>Of the ground from the place of take-off.</summary>
        public double TakeoffM { get; init; }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: {PositionM:0.###} m per axis, height {HeightM} m, pitch and roll {TiltDeg} deg, yaw {YawDeg} deg, {(SurfaceM is { } m ? $"ground {m} m off what is stated" : $"ground {TakeoffM} m off the take-off")}, normal, seed 30");
    }

    public static void Measure(FigureSheet sheet)
    {
        // A drone with RTK as its makers describe it: 5 cm written as RtkStd, 7.5 cm in height, a gimbal steady to 0.1 deg, a compass good to 1 deg.
        Noise rtk = new("RTK, surface stated to 0.1 m", 50, 0.05, 0.075, 0.1, 1, 0.1);
        Result good = Run(rtk);
        sheet.Add(new Figure("place on the ground at 30 m, median error", good.MedianM, "m") { Target = Target.AtMost(0.3), Note = rtk.ToString() });
        sheet.Add(new Figure("errorM with RTK, median", good.StatedM, "m") { Note = "gimbals are taken to be 1.5 deg off, which is 1.8 m at 30 m and most of it" });
        sheet.Add(new Figure("stated error of the height, RTK and surface", 100 * good.HeightShare, "%") { Note = "what widths and lengths are stated with, before edges and focal length" });
        sheet.Add(new Figure("errorM holds the true error, RTK", 100 * good.Held, "%") { Target = Target.AtLeast(90), Note = $"{Places} places, as above" });
        Noise plain = new("GPS", null, 1.5, 0.5, 0.1, 1);
        Result without = Run(plain);
        sheet.Add(new Figure("place on the ground at 30 m without RTK, median error", without.MedianM, "m") { Note = plain.ToString() });
        sheet.Add(new Figure("stated error of the height, without RTK", 100 * without.HeightShare, "%"));
        sheet.Add(new Figure("errorM holds the true error, without RTK", 100 * without.Held, "%") { Target = Target.AtLeast(90), Note = "errorM is the radius that holds 90 % when all is as uncertain as Field supposes" });
        Noise worst = new("all that Field supposes", 50, 0.05 / Math.Sqrt(2), 1, 1.5, 1.5) { TakeoffM = 3 };
        sheet.Add(new Figure("errorM holds the true error, all noise as large as supposed", 100 * Run(worst).Held, "%") { Target = Target.AtLeast(90), Note = worst.ToString() });
        Noise off = new("all that Field supposes, surface stated to 1 m", 50, 0.05 / Math.Sqrt(2), 0.1, 1.5, 1.5, 1) { TakeoffM = 3 };
        sheet.Add(new Figure("errorM holds the true error, ground off by what is stated", 100 * Run(off).Held, "%") { Target = Target.AtLeast(90), Note = off.ToString() });
    }

    private sealed record Result(double MedianM, double Held, double StatedM, double HeightShare);

    private static Result Run(Noise noise)
    {
        SeededRandom random = SeededRandom.For(30, "poses");
        DemoDataOptions photo = new();
        (int width, int height) = (photo.PhotoWidthPx, photo.PhotoHeightPx);
        List<(double ErrorM, double StatedM, double HeightShare)> all = [];
        for (int i = 0; i < Places; i++)
        {
            Vec at = new(random.Next(-400, 400), random.Next(-400, 400));
            (double yaw, double pitch) = (random.Next(0, 360), i % 2 == 0 ? -90 : random.Next(-90, -60));
            PinholeCamera truth = new(at, HeightM, yaw, pitch, width, height, photo.FocalPx);
            (double x, double y) = (random.Next(0, width), random.Next(0, height));
            Vec said = at + (new Vec(random.Gaussian(), random.Gaussian()) * noise.PositionM);
            (double lon, double lat) = SiteFrame.ToLonLat(said);
            CameraEvidence evidence = new(width, height)
            {
                Model = PhotoMetadata.Model,
                CalibratedFocalPx = photo.FocalPx,
                Position = new LonLat(lon, lat),
                RelativeAltitudeM = HeightM + (random.Gaussian() * double.Hypot(noise.SurfaceM is null ? noise.HeightM : 0, noise.TakeoffM)),
                GimbalYawDeg = yaw + (random.Gaussian() * noise.YawDeg) - (yaw > 180 ? 360 : 0),
                GimbalPitchDeg = pitch + (random.Gaussian() * noise.TiltDeg),
                GimbalRollDeg = random.Gaussian() * noise.TiltDeg,
                RtkFlag = noise.RtkFlag,
                RtkStdHorizontalM = noise.RtkFlag is null ? null : noise.PositionM * Math.Sqrt(2),
                AltitudeType = "RtkAlt",
                AltitudeM = noise.SurfaceM is null ? null : SurfaceM + HeightM + (random.Gaussian() * noise.HeightM),
                RtkStdHeightM = noise.RtkFlag is null ? null : noise.HeightM,
                SurfaceHeightM = noise.SurfaceM is { } off ? SurfaceM + (random.Gaussian() * off) : null,
                SurfaceErrorM = noise.SurfaceM,
            };
            CameraEstimate estimate = CameraModel.Derive(evidence);
            if (estimate.Projection()?.PixelToGround(x, y) is { } ground)
            {
                Vec found = SiteFrame.ToEastNorth(ground.Position.Lon, ground.Position.Lat);
                all.Add(((found - truth.PixelToGround(x, y).EastNorth).Length, ground.ErrorM, estimate.Uncertainty.HeightM / estimate.Pose!.HeightAboveGroundM));
            }
        }

        return all.Count < Places * 0.99
            ? throw new InvalidOperationException($"only {all.Count} of {Places} places lie on the ground")
            : new Result(
                VisionBench.Median(all.Select(e => e.ErrorM)), (double)all.Count(e => e.ErrorM <= e.StatedM) / all.Count,
                VisionBench.Median(all.Select(e => e.StatedM)), VisionBench.Median(all.Select(e => e.HeightShare)));
    }
}
