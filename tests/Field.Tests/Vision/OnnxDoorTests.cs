using Field.Vision;
using Field.Vision.Onnx;

namespace Field.Tests.Vision;

public sealed class OnnxDoorTests
{
    [Fact]
    public void Version_string_is_that_of_the_locked_package() => Assert.Equal("1.30.0", OnnxModel.RuntimeVersion);

    [Fact]
    public void Metadata_of_a_known_model_is_read()
    {
        using var model = new OnnxModel(DarkModel.Onnx, 1);
        var (input, output) = (Assert.Single(model.Inputs), Assert.Single(model.Outputs));
        Assert.Equal(("image", true), (input.Name, input.IsFloat32));
        Assert.Equal([-1L, 3, -1, -1], input.Shape);
        Assert.Equal(("probability", true), (output.Name, output.IsFloat32));
        Assert.Equal([-1L, 1, -1, -1], output.Shape);
    }

    [Fact]
    public void Run_of_a_known_model_gives_the_analytic_values()
    {
        using var model = new OnnxModel(DarkModel.Onnx, 2);
        var random = new Random(7);
        var input = Enumerable.Range(0, 2 * 3 * 5 * 4).Select(_ => random.NextSingle()).ToArray();
        var output = new float[2 * 5 * 4];
        model.Run(input, [2, 3, 5, 4], output, [2, 1, 5, 4]);
        for (var n = 0; n < 2; n++)
        {
            for (var i = 0; i < 20; i++)
            {
                var at = n * 60 + i;
                Assert.Equal(DarkModel.Probability(input[at], input[at + 20], input[at + 40]), output[n * 20 + i], 5);
            }
        }
    }

    [Fact]
    public void Loading_something_that_is_no_model_throws_with_the_runtimes_words()
    {
        var error = Assert.Throws<VisionException>(() => new OnnxModel("not a model"u8, 1));
        Assert.StartsWith("ONNX Runtime failed while loading the model: ", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length > 60, error.Message);
    }

    [Fact]
    public void Running_with_a_wrong_shape_throws()
    {
        using var model = new OnnxModel(DarkModel.Onnx, 1);
        Assert.Throws<VisionException>(() => model.Run(new float[4 * 16], [1, 4, 4, 4], new float[16], [1, 1, 4, 4]));
        Assert.Throws<ArgumentException>(() => model.Run(new float[5], [1, 3, 4, 4], new float[16], [1, 1, 4, 4]));
    }

    [Fact]
    public void Missing_library_says_what_to_run()
    {
        var named = Assert.Throws<VisionException>(() => OrtLibrary.Find("/nowhere/libonnxruntime.so.1", []));
        Assert.Contains("npm ci --ignore-scripts", named.Message, StringComparison.Ordinal);
        Assert.Contains("FIELD_ORT", named.Message, StringComparison.Ordinal);
        Assert.Throws<VisionException>(() => OrtLibrary.Find(null, ["/"]));
    }

    [Fact]
    public void Lock_file_names_no_host()
    {
        var text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot(), "vision", "native", "package-lock.json"));
        Assert.DoesNotContain("\"resolved\"", text, StringComparison.Ordinal);
        Assert.Contains("\"onnxruntime-node\": \"1.30.0\"", text, StringComparison.Ordinal);
    }
}
