"""Makes an LTX pipeline of random weights, small enough for any machine, by the real torch and diffusers.

Run with two folders: the one that holds torch and diffusers, and the one that the model is put into.
"""

import sys
from importlib import import_module


def main(packages: str, folder: str) -> None:
    sys.path.append(packages)
    diffusers, transformers = import_module("diffusers"), import_module("transformers")
    tokenizers = import_module("tokenizers")
    four = (8, 8, 8, 8)
    halved = (True, True, True, False)
    vae = diffusers.AutoencoderKLLTXVideo(
        latent_channels=8,
        block_out_channels=four,
        decoder_block_out_channels=four,
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1, 1),
        spatio_temporal_scaling=halved,
        decoder_spatio_temporal_scaling=halved,
    )
    transformer = diffusers.LTXVideoTransformer3DModel(
        in_channels=8,
        out_channels=8,
        num_attention_heads=2,
        attention_head_dim=16,
        cross_attention_dim=32,
        num_layers=1,
        caption_channels=32,
    )
    letters = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    letters += [(letter, -3.0) for letter in "▁abcdefghijklmnopqrstuvwxyz,."]
    words = tokenizers.Tokenizer(tokenizers.models.Unigram(letters, unk_id=2))
    words.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )
    shape = {"d_model": 32, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 4}
    encoder = transformers.T5EncoderModel(transformers.T5Config(vocab_size=len(letters), **shape))
    pipeline = diffusers.LTXPipeline(
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
        vae=vae,
        text_encoder=encoder,
        tokenizer=tokenizer,
        transformer=transformer,
    )
    pipeline.save_pretrained(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
